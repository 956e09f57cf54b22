// npm run example:voices -- --data DIR [--json]: voices and words from one example each. Trains encoders of sound with triplets
// on four speakers, and asks about the two others: who is speaking, and which word, from one clip of each.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createEngine } from 'facsimile/graph';
import { weightsHash } from 'facsimile/io';
import { UsageError } from './lib/files.mjs';
import { readClips, splitsOf } from './lib/voices/clips.mjs';
import { hearClips } from './lib/voices/hear.mjs';
import { recipes } from './lib/voices/recipes.mjs';
import { encoderFile } from './lib/voices/save.mjs';
import { playSplit, summarise } from './lib/voices/tasks.mjs';

const HELP = `npm run example:voices -- --data DIR [options]

Trains on all speakers but two, for every choice of two, and asks about those two from one clip each:
speakers (whose is this other clip?) and digits (one says the ten words, which of them does the other say?).

  --data DIR        clips of spoken digits, DIGIT_SPEAKER_NUMBER.wav, as in the Free Spoken Digit Dataset
  --task NAME       speakers or digits, twice for both      (default: both)
  --hold A,B        these two speakers only are held out    (default: every choice of two)
  --steps N         training steps, for trials
  --save FILE       write the encoder of voices of the last choice, for "facsimile verify --model FILE"
  --json            print { speakers: { accuracy, trials, baseline, … }, digits: { … } }
  --help            show this
`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        task: { type: 'string', multiple: true, default: Object.keys(recipes) },
        hold: { type: 'string' },
        steps: { type: 'string' },
        save: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return values;
    if (!values.data) throw new UsageError('--data is needed, see --help');
    for (const task of values.task)
      if (!recipes[task]) throw new UsageError(`--task must be ${Object.keys(recipes).join(' or ')}, not ${task}`);
    if (values.steps !== undefined && !/^[1-9]\d*$/.test(values.steps))
      throw new UsageError(`--steps must be a whole number of at least 1, not ${values.steps}`);
    return values;
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

/** The choices of two speakers to hold out. */
function choices(speakers, hold) {
  if (hold === undefined) return splitsOf(speakers);
  const held = hold.split(',');
  if (held.length !== 2 || held[0] === held[1] || !held.every((name) => speakers.includes(name)))
    throw new UsageError(`--hold must be two of ${speakers.join(', ')}, not ${hold}`);
  return [held];
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;

async function main() {
  const { data, task: tasks, hold, steps, save, json, help } = options();
  if (help) return console.log(HELP);
  const say = (text) => console.error(text);
  const { clips, speakers } = await readClips(data);
  const held = choices(speakers, hold);
  const engine = createEngine();
  const summary = {};
  for (const task of tasks) {
    const recipe = { ...recipes[task], ...(steps && { steps: Number(steps) }) };
    const heard = hearClips(clips, recipe);
    say(`${task}: ${clips.length} clips of ${speakers.length} speakers, ${recipe.versions.length} versions of each`);
    const splits = [];
    for (const pair of held) {
      const started = performance.now();
      const split = await playSplit(task, { clips, heard, held: pair, recipe, engine });
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      say(`  without ${pair.join(' and ')}: ${percent(split.result.correct / split.result.trials)} (${seconds} s)`);
      splits.push(split);
    }
    summary[task] = { ...summarise(task, splits), weights: weightsHash(splits.at(-1).network.parameters) };
    if (save && task === 'speakers') writeFileSync(save, encoderFile(splits.at(-1), recipe));
  }
  if (json) return console.log(JSON.stringify(summary));
  for (const [task, { accuracy, trials, baseline, baselineKind, chance }] of Object.entries(summary))
    console.log(
      `${task}: ${percent(accuracy)} of ${trials} trials, MFCC and nearest neighbour ${percent(baseline)} (${baselineKind}), chance ${percent(chance)}`,
    );
}

try {
  await main();
} catch (error) {
  const expected = error instanceof UsageError || /^(Input|Sound|Weights)Error$/.test(error.name);
  console.error(expected ? `voices: ${error.message}` : error);
  process.exitCode = expected ? 2 : 1;
}
