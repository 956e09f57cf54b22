import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { StylizeOptions, stylize } from '../../src/style/index.ts';
import { randomArray } from '../support/random.ts';

const file = (name: string): string => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
const built = existsSync(file('style-worker.js'));
if (!built) console.warn('tests of the built worker are skipped: npm run build makes dist/style-worker.js');

describe.skipIf(!built)('the worker of the package', () => {
  const noise = (width: number, height: number, seed: number) => ({
    data: Uint8Array.from(randomArray(width * height * 4, seed), (v, i) => (i % 4 === 3 ? 255 : 128 + 90 * v)),
    width,
    height,
  });

  it('paints the same pixels as the calling thread, which stays free', async () => {
    const library = (await import(file('inline/style.js'))) as { stylize: typeof stylize };
    const { loadFeatures } = await import(file('inline/models.js'));
    const options: StylizeOptions = {
      content: noise(120, 110, 1),
      style: noise(110, 110, 2),
      network: await loadFeatures('faces'),
      contentLayers: ['conv32_1'],
      styleLayers: ['conv32_down'],
      levels: 1,
      steps: 3,
    };
    const run = async (worker?: StylizeOptions['worker']) => {
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      const totals: number[] = [];
      let pixels = '';
      for await (const step of library.stylize({ ...options, ...(worker && { worker }) } as StylizeOptions)) {
        totals.push(step.losses.total);
        pixels = Buffer.from(step.image().data).toString('hex');
      }
      clearInterval(timer);
      return { totals, pixels, ticks };
    };
    const here = await run();
    for (const worker of [true, { threads: 2 }] as const) {
      const { ticks, ...there } = await run(worker);
      expect(there).toEqual({ totals: here.totals, pixels: here.pixels });
      expect(ticks).toBeGreaterThan(here.ticks);
    }
    const served = await run(() => new Worker(readFileSync(file('style-worker.js'), 'utf8'), { eval: true }));
    expect(served.pixels).toBe(here.pixels);
  });
});
