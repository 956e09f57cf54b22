import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../../src/image/encode.ts';
import { readImage } from '../../src/image/read.ts';
import { facsimile } from './capture.ts';
import { portraits } from './photos.ts';

let photos: Awaited<ReturnType<typeof portraits>>;
let images: string;
beforeAll(async () => {
  photos = await portraits();
  images = join(photos.folder, 'images');
  const put = async (name: string, number: number, path: string) => {
    mkdirSync(join(images, name), { recursive: true });
    writeFileSync(join(images, name, `${name}_000${number}.jpg`), await encodeJpeg(await readImage(path), 95));
  };
  await put('Ada', 1, photos.ada);
  await put('Ada', 2, photos.adaAgain);
  await put('Bob', 1, photos.bob);
  await put('Bob', 2, photos.bob);
  await put('Eve', 1, photos.nobody);
});
afterAll(() => photos.remove());

const pairsFile = (name: string, ...lines: string[]) => {
  const path = join(photos.folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
};

describe('evaluate', () => {
  it('measures pairs by the protocol, each photo once', async () => {
    const [first, second] = [
      pairsFile('1.txt', 'Ada 1 2', 'Ada 1 Bob 1'),
      pairsFile('2.txt', 'Ada 2 1', 'Ada 2 Bob 2'),
    ];
    const roc = join(photos.folder, 'roc.html');
    const words = ['evaluate', '--detector', 'tiny', '--images', images, '--pairs', first, second];
    const { code, stdout, stderr } = await facsimile(...words, '--json', '--roc', roc);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const value = JSON.parse(stdout);
    expect(value).toEqual({
      pairs: 4,
      accuracy: 1,
      tau: expect.any(Number),
      accuracyAt06: 1,
      auc: 1,
      eer: 0,
      tarAtFar1: 1,
      intervals: {
        // (α/2)^(1/4): four right of four.
        accuracy: { low: expect.closeTo(0.025 ** 0.25, 12), high: 1, confidence: 0.95 },
        accuracyAt06: { low: expect.closeTo(0.025 ** 0.25, 12), high: 1, confidence: 0.95 },
        auc: { low: 1, high: 1, confidence: 0.95 },
        eer: { low: 0, high: 0, confidence: 0.95 },
        tarAtFar1: { low: 1, high: 1, confidence: 0.95 },
      },
      misses: 0,
      images: 4,
      secondsPerImage: expect.any(Number),
    });
    expect(value.tau).toBeGreaterThan(0.2);
    expect(value.tau).toBeLessThan(0.8);
    const report = readFileSync(roc, 'utf8');
    expect(report).toContain('equal error rate');
    expect(report).toContain('0 errors');

    const text = await facsimile(...words);
    expect(text.stdout).toContain('4 pairs of 4 photos, 0 without a face found');
    expect(text.stdout).toContain('95 % interval');
    expect(text.stdout).toMatch(/accuracy +100\.00 % ± 0\.00 % +39\.76 … 100\.00 % +2 folds/);
  });

  it('counts a photo without a face as a miss, and gives its pairs an answer all the same', async () => {
    const files = [pairsFile('3.txt', 'Ada 1 2', 'Ada 1 Eve 1'), pairsFile('4.txt', 'Bob 1 2', 'Ada 2 Eve 1')];
    const svg = join(photos.folder, 'roc.svg');
    const { code, stdout } = await facsimile(
      'evaluate',
      '--detector',
      'tiny',
      '--images',
      images,
      '--pairs',
      ...files,
      '--json',
      '--roc',
      svg,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 4, misses: 1, images: 5 });
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  });

  it('names a photo that is missing before it looks at any', async () => {
    const file = pairsFile('5.txt', 'Ada 1 7', 'Ada 1 Zoe 1');
    const { code, stderr } = await facsimile('evaluate', '--detector', 'tiny', '--images', images, '--pairs', file);
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(images, 'Ada', 'Ada_0007.jpg')} is missing, and 1 more of the 3 photos`);
  });

  it('names a line that cannot be read, and a file that is not there', async () => {
    const bad = await facsimile(
      'evaluate',
      '--detector',
      'tiny',
      '--images',
      images,
      '--pairs',
      pairsFile('6.txt', 'Ada 1 2', 'Ada and Bob'),
    );
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('6.txt, line 2');
    const missing = await facsimile(
      'evaluate',
      '--detector',
      'tiny',
      '--images',
      images,
      '--pairs',
      join(photos.folder, '7.txt'),
    );
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('7.txt');
  });
});
