import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '../../src/image/encode.ts';
import type { Box } from '../../src/image/geometry.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { readImage } from '../../src/image/read.ts';
import { resample } from '../../src/report/canvas.ts';
import { faceApiPath } from '../data.ts';

/** The photos that the package @vladmandic/face-api ships, by number. */
export const sample = (number: number): string => faceApiPath(`demo/sample${number}.jpg`);

/** Parts of the samples that show one face. The network takes `ada` and `adaAgain`, of two photos, for one person. */
const parts = {
  ada: [1, { x: 1380, y: 60, width: 420, height: 420 }],
  adaAgain: [3, { x: 980, y: 60, width: 420, height: 480 }],
  bob: [6, { x: 1440, y: 120, width: 400, height: 500 }],
} as const satisfies Record<string, readonly [number, Box]>;

/** A folder of photos of one face each, and one of none, as PNG files. */
export async function portraits() {
  const folder = mkdtempSync(join(tmpdir(), 'facsimile-'));
  const save = async (name: string, image: RgbaImage) => {
    const path = join(folder, `${name}.png`);
    writeFileSync(path, await encodePng(image));
    return path;
  };
  const cut = async (name: keyof typeof parts) => {
    const [number, box] = parts[name];
    return save(name, resample(await readImage(sample(number)), box, box.width, box.height));
  };
  return {
    folder,
    ada: await cut('ada'),
    adaAgain: await cut('adaAgain'),
    bob: await cut('bob'),
    nobody: await save('nobody', { data: new Uint8Array(200 * 160 * 4).fill(200), width: 200, height: 160 }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
