import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../../src/image/encode.ts';
import { readImage } from '../../src/image/read.ts';
import { portraits } from '../cli/photos.ts';
import { exampleRunner } from './run-example.ts';

const { built, run: verifier } = exampleRunner('verifier.mjs', 'examples/verifier.mjs');

describe.skipIf(!built)('examples/verifier.mjs', () => {
  let photos: Awaited<ReturnType<typeof portraits>>;
  let words: string[];
  beforeAll(async () => {
    photos = await portraits();
    const put = async (name: string, number: number, path: string, quality: number) => {
      const folder = join(photos.folder, 'images', name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}_000${number}.jpg`), await encodeJpeg(await readImage(path), quality));
    };
    await put('Ada', 1, photos.ada, 95);
    await put('Ada', 2, photos.adaAgain, 95);
    await put('Bob', 1, photos.bob, 95);
    await put('Bob', 2, photos.bob, 40);
    const pairs = join(photos.folder, 'pairs.txt');
    writeFileSync(pairs, ['Ada 1 2', 'Bob 1 2', 'Ada 1 Bob 1', 'Ada 2 Bob 2'].join('\n'));
    words = ['--images', join(photos.folder, 'images'), '--calibrate', pairs, '--test', pairs];
  });
  afterAll(() => photos.remove());

  it('prints every figure and draws it', async () => {
    const out = join(photos.folder, 'out');
    const { code, stdout, stderr } = await verifier(...words, '--out', out, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const value = JSON.parse(stdout);
    expect(value).toMatchObject({
      auc: 1,
      held: { tar: { rate: 1 }, far: { rate: 0 } },
      galleries: [{ people: 1, predicted: 0, measured: 0 }],
      probability: [{ method: 'logistic' }, { method: 'isotonic', brier: 0 }],
      heads: [{ name: 'distance' }, { name: 'absolute', auc: 1 }, { name: 'chi-square' }],
      headPairs: 6,
    });
    expect(value.threshold).toBeGreaterThan(0.2);
    expect(readdirSync(out).sort()).toEqual(
      ['distances', 'gallery', 'heads', 'reliability', 'roc']
        .map((name) => `${name}.svg`)
        .concat('report.html')
        .sort(),
    );
    expect(readFileSync(join(out, 'report.html'), 'utf8')).not.toMatch(/NaN|undefined|\[object/);
  }, 240_000);

  it('helps, and says what is wrong with its input', async () => {
    expect(await verifier('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--calibrate FILE') });
    for (const [bad, message] of [
      [[], '--images is missing'],
      [[...words.slice(0, 4)], '--test is missing'],
      [[...words, '--far', '2', '--out', join(photos.folder, 'out')], 'far must lie between 0 and 1'],
      [[...words, '--fotos'], "Unknown option '--fotos'"],
    ] as const) {
      const { code, stderr } = await verifier(...bad);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
      expect(stderr).not.toContain('    at ');
    }
  }, 240_000);
});
