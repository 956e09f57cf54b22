// npm run example:volumes -- --data DIR [--json]: one-shot recognition of places in scans: is this the same scan, and where in
// it? Encoders of cubes are trained with triplets on one half of the scans and tried on the other, both ways.
import { parseArgs } from 'node:util';
import { proportionInterval } from 'facsimile/metric';
import { UsageError } from './lib/files.mjs';
import { identify } from './lib/volumes/identify.mjs';
import { recipe } from './lib/volumes/recipe.mjs';
import { readHalves } from './lib/volumes/scans.mjs';
import { trainEncoder } from './lib/volumes/train.mjs';

const HELP = `npm run example:volumes -- --data DIR [options]

Reads the scans (.nii, .nii.gz) of DIR, in two halves that share none: its two subfolders of scans, or every other file. Trains
an encoder of 50 mm cubes on one half, then enrols places in the other half by one scan each, and tells by further scans of
them (turned, shifted, with another gain and noise) which place of which scan each is. Then the same the other way round.

  --data DIR   the folder of scans
  --steps N    training steps of each half          (default: ${recipe.train.steps})
  --json       print { accuracy, trials, chance, … } as one JSON document
  --help       show this
`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        steps: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return values;
    if (!values.data) throw new UsageError('--data is needed, see --help');
    if (values.steps !== undefined && !/^[1-9]\d*$/.test(values.steps))
      throw new UsageError(`--steps must be a whole number of at least 1, not ${values.steps}`);
    return values;
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

async function main() {
  const { data, steps, json, help } = options();
  if (help) return console.log(HELP);
  const say = (text) => console.error(text);
  const train = { ...recipe.train, ...(steps && { steps: Number(steps) }) };
  const halves = await readHalves(data, say);
  const folds = [];
  for (const half of [0, 1]) {
    const network = await trainEncoder(halves[half], { ...recipe, train }, say);
    folds.push({ ...identify(halves[1 - half], network, recipe), weights: network.hash });
  }
  const sum = (key) => folds.reduce((total, fold) => total + fold[key], 0);
  const trials = sum('trials');
  const { low, high } = proportionInterval(sum('correct'), trials);
  const result = {
    accuracy: sum('correct') / trials,
    trials,
    chance: folds.reduce((total, fold) => total + fold.trials / fold.ways, 0) / trials,
    interval: [low, high],
    sameScan: sum('sameScan') / trials,
    byVoxels: sum('byVoxels') / trials,
    folds,
  };
  if (json) return console.log(JSON.stringify(result));
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  console.log(
    `${percent(result.accuracy)} of ${trials} scans given to their place among ${folds.map(({ ways }) => ways).join(' and ')} (95 % interval ${percent(low)} to ${percent(high)}; chance ${percent(result.chance)}, by voxels ${percent(result.byVoxels)}), ${percent(result.sameScan)} to the right scan`,
  );
}

try {
  await main();
} catch (error) {
  const expected = error instanceof UsageError || /^(Input|Volume)Error$/.test(error.name);
  console.error(expected ? `volumes: ${error.message}` : error);
  process.exitCode = expected ? 2 : 1;
}
