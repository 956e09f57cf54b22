// npm run example:pitch -- --data DIR [--json]: the pitch of tones and of a sung scale, as CREPE hears them; its time against tfjs's
// wasm backend in the same run; and a page with what its units answer to, to look at and to listen to.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Crepe, loadLayersModel } from 'facsimile/models';
import { mono, readSound, resample } from 'facsimile/signal';
import { UsageError } from './lib/files.mjs';
import { race } from './lib/pitch/race.mjs';
import { pitchReport } from './lib/pitch/report.mjs';
import { RATE, sine, sungScale } from './lib/pitch/tones.mjs';

const HELP = `npm run example:pitch -- --data DIR [options]

  --data DIR        the folder of CREPE's model.json, as its authors publish it for tfjs (github.com/marl/crepe),
                    or one that has it below, in a folder called crepe
  --sounds DIR      WAV files whose half-seconds are shown to its units   (default: the tones and the scale)
  --out DIR         where pitch.html is written                           (default: out/pitch)
  --json            print { tones, largest, scale, time } as JSON
  --help            show this
`;
const TONES = [65.41, 110, 220, 261.63, 440, 880, 1318.51, 1760];

function options() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        sounds: { type: 'string' },
        out: { type: 'string', default: 'out/pitch' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!values.help && !values.data) throw new UsageError('--data is needed, see --help');
    return values;
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

/** Where CREPE's model.json lies. */
function modelFolder(data) {
  const folders = ['.', 'crepe', 'crepe/crepe'].map((below) => resolve(data, below));
  const found = folders.find((folder) => existsSync(join(folder, 'model.json')));
  if (!found) throw new UsageError(`${data} holds no model.json of CREPE, nor does a folder crepe in it`);
  return found;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const cents = (heard, hertz) => 1200 * Math.log2(heard / hertz);

/** The middle of what was heard, away from the ends. */
function hearTone(crepe, hertz) {
  const pitches = crepe.follow(sine(hertz)).slice(20, -20);
  const heard = median(pitches.map((pitch) => pitch.hertz));
  return { hertz, heard, cents: cents(heard, hertz), confidence: median(pitches.map((pitch) => pitch.confidence)) };
}

/** WAV files of a folder at CREPE's rate. */
async function soundsIn(folder) {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  const names = readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.wav'));
  if (names.length === 0) throw new UsageError(`${folder} holds no WAV files`);
  const sounds = [];
  for (const name of names.sort()) {
    const sound = await readSound(join(folder, name));
    const samples = resample(mono(sound), sound.sampleRate, RATE);
    sounds.push({ name: basename(name), sound: { channels: [samples], sampleRate: RATE } });
  }
  return sounds;
}

async function main() {
  const { data, sounds, out, json, help } = options();
  if (help) return console.log(HELP);
  const model = await loadLayersModel(modelFolder(data), { dropUnitAxis: true });
  const crepe = new Crepe(model);
  const tones = TONES.map((hertz) => hearTone(crepe, hertz));
  const scale = sungScale();
  const pitches = crepe.follow(scale.sound);
  crepe.close();
  const steady = pitches.filter(({ time, confidence }) => confidence > 0.5 && time < scale.seconds);
  const error = median(steady.map(({ time, hertz }) => Math.abs(cents(hertz, scale.hertzAt(time)))));
  const time = await race(model);

  mkdirSync(out, { recursive: true });
  const shown = sounds
    ? await soundsIn(sounds)
    : [
        { name: 'the scale', sound: scale.sound },
        ...TONES.map((hertz) => ({ name: `${hertz} Hz`, sound: sine(hertz) })),
      ];
  writeFileSync(join(out, 'pitch.html'), await pitchReport({ model, tones, scale, pitches, time, sounds: shown }));

  const largest = Math.max(...tones.map((tone) => Math.abs(tone.cents)));
  if (json)
    return console.log(JSON.stringify({ tones, largest, scale: { medianCents: error, pitches: steady.length }, time }));
  for (const { hertz, heard, cents: off } of tones)
    console.log(`${hertz} Hz heard as ${heard.toFixed(2)}: ${off.toFixed(1)} cents`);
  console.log(`sung scale: half of all pitches within ${error.toFixed(1)} cents`);
  console.log(
    `${time.oursMs.toFixed(2)} ms a window, tfjs-wasm ${time.tfjsMs.toFixed(2)} ms: ${time.ratio.toFixed(1)}×`,
  );
  console.log(`${join(out, 'pitch.html')}: the scale, and what its units answer to`);
}

try {
  await main();
} catch (error) {
  const expected = error instanceof UsageError || /^(Input|Sound|Weights)Error$/.test(error.name);
  console.error(expected ? `pitch: ${error.message}` : error);
  process.exitCode = expected ? 2 : 1;
}
