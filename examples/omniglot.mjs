// npm run example:omniglot -- --background DIR --runs DIR [--json]: one-shot recognition of letters of alphabets that were never
// seen. Trains an encoder on background alphabets, then plays the 20-way one-shot runs of Lake et al. (2015).
import { parseArgs } from 'node:util';
import { createEngine } from 'facsimile/graph';
import { UsageError } from './lib/files.mjs';
import { readBackground } from './lib/omniglot/background.mjs';
import { recipes } from './lib/omniglot/recipes.mjs';
import { playRuns } from './lib/omniglot/runs.mjs';
import { trainEncoder } from './lib/omniglot/train.mjs';

const HELP = `npm run example:omniglot -- --background DIR --runs DIR [options]

Trains an encoder on the alphabets of DIR/images_background_small1 and DIR/images_background_small2 (or on those folders of
alphabets that --background names, once for each), then identifies letters of other alphabets from one example each.

  --background DIR   the folder that holds images_background_small1 and images_background_small2
  --runs DIR         the folder that holds run01, run02, …
  --recipe NAME      ${Object.keys(recipes).join(' or ')}                (default: full)
  --threads N        threads; results are the same for any number  (default: 2)
  --steps N          training steps, for trials
  --json             print { runs, trials, correct, accuracy, weights } as one JSON document
  --help             show this
`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        background: { type: 'string', multiple: true },
        runs: { type: 'string' },
        recipe: { type: 'string', default: 'full' },
        threads: { type: 'string', default: '2' },
        steps: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return values;
    if (!values.background || !values.runs) throw new UsageError('--background and --runs are needed, see --help');
    if (!recipes[values.recipe]) throw new UsageError(`--recipe must be ${Object.keys(recipes).join(' or ')}`);
    for (const name of ['threads', 'steps'])
      if (values[name] !== undefined && !/^[1-9]\d*$/.test(values[name]))
        throw new UsageError(`--${name} must be a whole number of at least 1, not ${values[name]}`);
    return values;
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

async function main() {
  const { background, runs, recipe: name, threads, steps, json, help } = options();
  if (help) return console.log(HELP);
  const recipe = { ...recipes[name], ...(steps && { steps: Number(steps) }) };
  const say = (text) => console.error(text);

  const dataset = await readBackground(background, recipe, say);
  const engine = await createEngine({ threads: Number(threads) });
  const started = performance.now();
  const network = await trainEncoder(dataset, recipe, engine, say);
  const trained = (performance.now() - started) / 1000;
  const result = await playRuns(runs, network, recipe, engine);
  engine.close();

  const peakMB = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
  const imagesPerSecond = Math.round((recipe.steps * recipe.classes * recipe.each) / trained);
  // What a rerun repeats to the bit is the result; how long it took is told beside it.
  say(`trained ${(trained / 60).toFixed(1)} minutes at ${imagesPerSecond} images/s, peak memory ${peakMB} MB`);
  const { correct, trials, accuracy } = result;
  if (json) console.log(JSON.stringify({ ...result, weights: network.hash }));
  else
    console.log(
      `${correct} of ${trials} letters right, ${(accuracy * 100).toFixed(2)} % (20 ways, one shot, ${result.runs} runs)`,
    );
}

try {
  await main();
} catch (error) {
  const expected = error instanceof UsageError || /^(Input|Image|Weights)Error$/.test(error.name);
  console.error(expected ? `omniglot: ${error.message}` : error);
  process.exitCode = expected ? 2 : 1;
}
