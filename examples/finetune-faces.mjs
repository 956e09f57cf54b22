// npm run example:finetune-faces -- --people DIR: a projection behind the frozen face network, trained with triplets on photos
// of some people, measured on others, before and after.
import { parseArgs } from 'node:util';
import { UsageError } from './lib/files.mjs';
import { embedPeople } from './lib/finetune/embed.mjs';
import { trainHead } from './lib/finetune/head.mjs';
import { measure } from './lib/finetune/measure.mjs';

const HELP = `npm run example:finetune-faces -- --people DIR [options]

DIR holds a folder of photos for each person. Half of the people train a projection head with triplets, the other half measures
it: one photo of each is shown, all others are to be recognized. Then the halves change places.

  --people DIR     a folder of photos for each person, at least four people
  --steps N        training steps of the head          (default: 300)
  --detector NAME  ssd or tiny                         (default: ssd)
  --json           print the figures as one JSON document
  --help           show this
`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        people: { type: 'string' },
        steps: { type: 'string', default: '300' },
        detector: { type: 'string', default: 'ssd' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!values.help && !values.people) throw new UsageError('--people is needed, see --help');
    if (!/^[1-9]\d*$/.test(values.steps))
      throw new UsageError(`--steps must be a whole number of at least 1, not ${values.steps}`);
    return { ...values, steps: Number(values.steps) };
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

async function main() {
  const { people: folder, steps, detector, json, help } = options();
  if (help) return console.log(HELP);
  const people = await embedPeople(folder, detector, (text) => console.error(text));
  if (people.length < 4) throw new UsageError(`${folder} must hold at least four people, it holds ${people.length}`);
  const halves = [0, 1].map((half) => people.filter((_, i) => i % 2 === half));
  const folds = [];
  for (const [own, other] of [halves, [...halves].reverse()]) {
    const head = await trainHead(own, steps);
    folds.push({ trainedOn: own.length, people: other.length, before: measure(other), after: measure(head(other)) });
  }
  if (json)
    return console.log(JSON.stringify({ photos: people.flatMap(({ embeddings }) => embeddings).length, folds }));
  for (const { trainedOn, people: count, before, after } of folds)
    console.log(
      `head trained on ${trainedOn} people, measured on ${count} others:
  one photo is enough   ${percent(before.oneShot)} before, ${percent(after.oneShot)} after
  equal error rate      ${percent(before.equalErrorRate)} before, ${percent(after.equalErrorRate)} after`,
    );
}

const percent = (share) => `${(share * 100).toFixed(2)} %`;

try {
  await main();
} catch (error) {
  const mendable = error instanceof UsageError || /^(Input|Image|Weights)Error$/.test(error.name);
  console.error(mendable ? `finetune-faces: ${error.message}` : error);
  process.exitCode = mendable ? 2 : 1;
}
