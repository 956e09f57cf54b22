import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Faces } from '../../src/faces/faces.ts';
import { loadFaces } from '../../src/faces/load.ts';
import { encodeJpeg } from '../../src/image/encode.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { readImage } from '../../src/image/read.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';

const samples = [1, 2, 3, 4, 5, 6].map((number) => faceApiPath(`demo/sample${number}.jpg`));
const detectors = ['ssd', 'tiny'] as const;
const faces = {} as Record<(typeof detectors)[number], Faces>;
beforeAll(async () => {
  for (const detector of detectors) faces[detector] = await loadFaces({ detector });
});

/** Every pixel as four. */
function doubled({ data, width, height }: RgbaImage): RgbaImage {
  const from = new Uint32Array(data.slice().buffer);
  const to = new Uint32Array(width * height * 4);
  for (let y = 0; y < height * 2; y++)
    for (let x = 0; x < width * 2; x++) to[y * width * 2 + x] = from[(y >> 1) * width + (x >> 1)]!;
  return { data: new Uint8Array(to.buffer), width: width * 2, height: height * 2 };
}

describe('detect', () => {
  it('finds all 22 faces of the sample photos with SSD, the surest first, landmarks in their boxes', async () => {
    const counts = [];
    for (const photo of samples) {
      const found = await faces.ssd.detect(photo);
      counts.push(found.length);
      const scores = found.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const { box, landmarks } of found) {
        expect(landmarks).toHaveLength(68);
        const mouth = landmarks[62]!;
        const eyes = [landmarks[37]!, landmarks[44]!];
        for (const { x, y } of [mouth, ...eyes]) {
          expect(Math.abs(x - box.x - box.width / 2)).toBeLessThan(box.width * 0.6);
          expect(Math.abs(y - box.y - box.height / 2)).toBeLessThan(box.height * 0.6);
        }
        expect(eyes[0]!.x).toBeLessThan(eyes[1]!.x);
        expect(mouth.y).toBeGreaterThan((eyes[0]!.y + eyes[1]!.y) / 2);
      }
    }
    expect(counts).toEqual([3, 3, 3, 4, 5, 4]);
  });

  it.skipIf(!hasData).each(detectors)('finds nobody in ten photos without people (%s)', async (detector) => {
    const folder = dataPath('style/content/');
    const photos = readdirSync(folder);
    expect(photos).toHaveLength(10);
    for (const photo of photos) expect(await faces[detector].detect(folder + photo), photo).toEqual([]);
  });

  // SSD takes its time: every fourth photo.
  it.skipIf(!hasData).each([
    ['ssd', 4, 0],
    ['tiny', 1, 1],
  ] as const)(
    'finds the faces that fill their photos of LFW (%s, one photo in %i: misses at most %i)',
    async (detector, every, most) => {
      const folder = dataPath('faces/lfw250/');
      const photos = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'));
      expect(photos).toHaveLength(100);
      const looked = photos.sort().filter((_, i) => i % every === 0);
      const missed = [];
      for (const photo of looked) if ((await faces[detector].detect(folder + photo)).length === 0) missed.push(photo);
      expect(missed.length, missed.join(' ')).toBeLessThanOrEqual(most);
    },
  );

  it.skipIf(!hasData)('finds the six faces of the published example where they were published', async () => {
    const found = await faces.ssd.detect(dataPath('faces/reference-inputs/faces.jpg'));
    const published = [
      [48, 253, 104, 129],
      [260, 227, 76, 117],
      [466, 165, 88, 130],
      [234, 36, 84, 119],
      [577, 65, 84, 105],
      [84, 14, 79, 132],
    ];
    expect(found).toHaveLength(6);
    for (const [x, y, width, height] of published) {
      const near = found.some(
        ({ box }) =>
          Math.max(
            Math.abs(box.x - x!),
            Math.abs(box.y - y!),
            Math.abs(box.width - width!),
            Math.abs(box.height - height!),
          ) < 6,
      );
      expect(near, `a face at ${x}, ${y}`).toBe(true);
    }
  });

  it('answers in pixels of the original where the decoder reduced it', async () => {
    const photo = await readImage(samples[0]!);
    const large = await encodeJpeg(doubled(photo), 95);
    expect((await readImage(large)).width).toBe(photo.width);
    const once = await faces.tiny.detect(photo);
    const twice = await faces.tiny.detect(large);
    expect(twice).toHaveLength(once.length);
    for (const [i, { box, landmarks }] of twice.entries()) {
      // JPEG changes the pixels a little, and with them the boxes.
      expect(Math.abs(box.x - once[i]!.box.x * 2)).toBeLessThan(8);
      expect(Math.abs(box.height - once[i]!.box.height * 2)).toBeLessThan(8);
      expect(Math.abs(landmarks[30]!.y - once[i]!.landmarks[30]!.y * 2)).toBeLessThan(8);
    }
  });

  it('keeps to the score and the size that are asked for', async () => {
    const all = await faces.tiny.detect(samples[3]!, { minScore: 0.3 });
    const scores = all.map(({ score }) => score);
    expect(scores.length).toBeGreaterThan(1);
    const between = (scores[0]! + scores.at(-1)!) / 2;
    expect(await faces.tiny.detect(samples[3]!, { minScore: between })).toEqual(
      all.filter(({ score }) => score > between),
    );
    const sides = all.map(({ box }) => Math.min(box.width, box.height));
    const minSize = (Math.min(...sides) + Math.max(...sides)) / 2;
    expect(await faces.tiny.detect(samples[3]!, { minScore: 0.3, minSize })).toEqual(
      all.filter((_, i) => sides[i]! >= minSize),
    );
    expect(await faces.tiny.detect(samples[3]!, { minSize: 5000 })).toEqual([]);
  });

  it('sees the photo as large as it is told', async () => {
    const [small, large] = await Promise.all(
      [160, 512].map((inputSize) => faces.tiny.detect(samples[4]!, { inputSize })),
    );
    expect(large!.length).toBeGreaterThan(small!.length);
    for (const inputSize of [0, 100, 416.5, 4096, Number.NaN])
      await expect(faces.tiny.detect(samples[4]!, { inputSize })).rejects.toThrow(/inputSize must be a multiple of 32/);
    await expect(faces.ssd.detect(samples[4]!, { inputSize: 544 })).rejects.toThrow(/512/);
    await expect(faces.tiny.detect(samples[4]!, { minScore: -1 })).rejects.toThrow(/minScore/);
    await expect(faces.tiny.detect(samples[4]!, { minSize: Number.NaN })).rejects.toThrow(/minSize/);
  });
});
