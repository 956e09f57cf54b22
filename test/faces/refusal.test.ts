import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImageError } from '../../src/core/errors.ts';
import { FaceTooSmallError, NoFaceError } from '../../src/faces/errors.ts';
import type { Faces } from '../../src/faces/faces.ts';
import { loadFaces } from '../../src/faces/load.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { readImage } from '../../src/image/read.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';
import { randomFrom } from '../support/random.ts';
import { cut, nonFaces } from './non-faces.ts';

const photo = faceApiPath('demo/sample1.jpg');

describe('pictures without a face', () => {
  let ssd: Faces;
  let tiny: Faces;
  beforeAll(async () => {
    [ssd, tiny] = await Promise.all([loadFaces({ detector: 'ssd' }), loadFaces({ detector: 'tiny' })]);
  });

  /** Nothing may be decided about it. Gives what the detector took for faces in it. */
  async function expectRefusal(faces: Faces, image: RgbaImage, name: string, minScore = 0.5): Promise<number> {
    const error = await faces.embed(image, { face: 'largest', minScore }).catch((error: unknown) => error);
    expect(error, name).toBeInstanceOf(NoFaceError);
    return (error as NoFaceError).rejected.length;
  }

  it.each([1, 2, 3])('are refused with the tiny detector: noise, gradients, patterns (seed %i)', async (seed) => {
    for (const width of [96, 200, 400])
      for (const [name, image] of nonFaces(width, seed)) await expectRefusal(tiny, image, `${name}, ${width} wide`);
  });

  it('are refused with the tiny detector even where it is told to believe almost everything', async () => {
    let proposed = 0;
    for (const width of [96, 200, 400])
      for (const [name, image] of nonFaces(width, 4))
        proposed += await expectRefusal(tiny, image, `${name}, ${width} wide`, 0.2);
    expect(proposed).toBeGreaterThan(3);
  });

  it('are refused with SSD: noise, and patterns that it takes for faces', async () => {
    let proposed = 0;
    for (const width of [200, 400])
      for (const [name, image] of nonFaces(width, 5))
        if (/checks of [24]|rings|coloured|smooth noise of 32/.test(name))
          proposed += await expectRefusal(ssd, image, `${name}, ${width} wide`);
    expect(proposed).toBeGreaterThan(2);
  });

  it.skipIf(!hasData)('are refused where they are pieces of paintings and landscapes', async () => {
    const random = randomFrom(7);
    for (const folder of ['style/style_pd/', 'style/content/'])
      for (const file of readdirSync(dataPath(folder))) {
        const picture = await readImage(dataPath(folder + file));
        for (let i = 0; i < 3; i++) {
          const side = Math.floor(80 + random() * (Math.min(picture.width, picture.height) - 80));
          const left = Math.floor(random() * (picture.width - side));
          const top = Math.floor(random() * (picture.height - side));
          await expectRefusal(tiny, cut(picture, left, top, side), `${file} ${side} at ${left}, ${top}`);
        }
      }
  });

  it('are never compared or recognized', async () => {
    const blank: RgbaImage = { data: new Uint8Array(200 * 200 * 4).fill(255), width: 200, height: 200 };
    await expect(tiny.verify(blank, photo)).rejects.toThrow(/verify: the first photo: no face found/);
    await expect(tiny.verify(photo, blank, { face: 'largest' })).rejects.toThrow(/the second photo: no face found/);
    const gallery = tiny.gallery();
    await gallery.enroll('someone', photo, { face: 'largest' });
    await expect(gallery.recognize(blank)).rejects.toThrow(NoFaceError);
    await expect(gallery.enroll('nobody', blank)).rejects.toThrow(NoFaceError);
    await expect(gallery.verify('someone', blank)).rejects.toThrow(NoFaceError);
    expect(await gallery.recognizeAll(blank)).toEqual([]);
    expect(gallery.list()).toEqual([{ id: 'someone', examples: 1 }]);
  });

  it('are refused where the only face is too small, saying so', async () => {
    const faces = await tiny.detect(photo);
    const largest = Math.max(...faces.map(({ box }) => Math.min(box.width, box.height)));
    const refused = await tiny.embed(photo, { minSize: largest + 1 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FaceTooSmallError);
    expect((refused as Error).message).toMatch(/too small to tell people apart, \d+ × \d+ pixels; at least/);
    expect((refused as FaceTooSmallError).rejected).toHaveLength(faces.length);
  });

  it('are refused where they are no pictures', async () => {
    const data = new Uint8Array(4 * 4 * 4);
    const bad: unknown[] = [
      { data: new Float32Array(64).fill(Number.NaN), width: 4, height: 4 },
      { data, width: Number.NaN, height: 4 },
      { data, width: 5, height: 4 },
      { data: new Uint8Array(0), width: 0, height: 0 },
      new Uint8Array(0),
      null,
    ];
    for (const picture of bad)
      await expect(tiny.embed(picture as RgbaImage), String(picture)).rejects.toThrow(ImageError);
    await expectRefusal(tiny, { data: new Uint8Array(4).fill(255), width: 1, height: 1 }, 'one pixel');
    await expectRefusal(tiny, { data: new Uint8Array(4000 * 4).fill(90), width: 4000, height: 1 }, 'one line');
  });
});
