import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/image/decode.ts';
import { exampleRunner } from './run-example.ts';

const { built, run: inspect } = exampleRunner('inspect.mjs', 'examples/inspect.mjs');

describe.skipIf(!built)('examples/inspect.mjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facsimile-example-inspect-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('draws what units of the face network look for', async () => {
    const words = ['--units', '1', '--parts', '1', '--steps', '0', '--out', folder, '--json'];
    const { code, stdout, stderr } = await inspect(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { images, layers, files } = JSON.parse(stdout);
    expect(images).toBeGreaterThan(20);
    expect(layers.map(({ layer, sees }: { layer: string; sees: number }) => [layer, sees])).toEqual([
      ['conv32_down', 7],
      ['conv32_3', 59],
      ['conv64_2', 147],
      ['conv128_2', 355],
    ]);
    for (const { units } of layers) {
      expect(units[0].patches.length).toBe(9);
      expect(units[0].patches[0].image).toMatch(/^sample\d, (face|part) \d+$/);
    }
    const picture = await decodeImage(readFileSync(files[0]));
    // Four units of two grids a line.
    expect(picture.width).toBe(1326);
  });

  it('refuses options that it cannot use', async () => {
    const { code, stderr } = await inspect('--units', '0');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '--units must be a whole number of at least 1\n' });
  });
});
