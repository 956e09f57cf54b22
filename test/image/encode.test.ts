import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/core/errors.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { encodeJpeg, encodePng } from '../../src/image/encode.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { readImage } from '../../src/image/read.ts';
import { faceApiPath } from '../data.ts';
import { decodedBySharp, overWhiteOracle, pixelDifference } from '../support/pixels.ts';
import { randomFrom } from '../support/random.ts';

function noise(width: number, height: number, opaque: boolean): RgbaImage {
  const random = randomFrom(width * 100 + height);
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    opaque && i % 4 === 3 ? 255 : random() * 256,
  );
  return { data, width, height };
}

/** What both encoders refuse. */
const refused: [string, unknown, RegExp][] = [
  ['no data', { width: 1, height: 1 }, /expected RGBA in a Uint8Array or Uint8ClampedArray, got undefined/],
  ['floats', { data: new Float32Array(4), width: 1, height: 1 }, /got Float32Array/],
  ['RGB', { data: new Uint8Array(12), width: 2, height: 2 }, /2 × 2 pixels need 16 bytes of RGBA, got 12/],
  ['half a pixel', { data: new Uint8Array(4), width: 0.5, height: 2 }, /whole numbers of at least 1, got 0.5 × 2/],
  ['no pixels', { data: new Uint8Array(0), width: 0, height: 0 }, /got 0 × 0/],
  ['NaN', { data: new Uint8Array(0), width: Number.NaN, height: 1 }, /got NaN × 1/],
];

describe('encodePng', () => {
  const sizes = [
    [1, 1],
    [1, 9],
    [9, 1],
    [3, 5],
    [8, 8],
    [17, 4],
    [64, 33],
  ] as const;

  it.each(sizes)('%i × %i keep every byte', async (width, height) => {
    for (const opaque of [true, false]) {
      const image = noise(width, height, opaque);
      const file = await encodePng(image);
      expect((await sharp(file).metadata()).channels).toBe(opaque ? 3 : 4);
      expect(pixelDifference(await decodedBySharp(file), image.data).most).toBe(0);
      expect(pixelDifference((await decodeImage(file)).data, overWhiteOracle(image.data)).most).toBe(0);
    }
  });

  it('keeps a photo, in less space than libvips at its own settings', async () => {
    const photo = await readImage(faceApiPath('demo/sample6.jpg'), { reduceAbove: 1e6 });
    const file = await encodePng(photo);
    expect(pixelDifference(await decodedBySharp(file), photo.data).most).toBe(0);
    const { width, height } = photo;
    const theirs = await sharp(Buffer.from(photo.data), { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .png()
      .toBuffer();
    expect(file.length).toBeLessThan(theirs.length);
  });

  it.each(refused)('refuses %s', async (_, image, message) => {
    await expect(encodePng(image as RgbaImage)).rejects.toThrow(message);
    await expect(encodePng(image as RgbaImage)).rejects.toBeInstanceOf(ImageError);
  });
});

describe('encodeJpeg', () => {
  it('is nearer and larger the higher the quality', async () => {
    const photo = await readImage(faceApiPath('demo/sample6.jpg'), { reduceAbove: 500_000 });
    let [size, error] = [0, Infinity];
    for (const quality of [1, 20, 50, 80, 90, 100]) {
      const file = await encodeJpeg(photo, quality);
      const { mean } = pixelDifference(await decodedBySharp(file), photo.data);
      expect(file.length).toBeGreaterThan(size);
      expect(mean).toBeLessThan(error);
      [size, error] = [file.length, mean];
    }
    expect(error).toBeLessThan(0.8);
  });

  it.each([
    [1, 1],
    [7, 9],
    [8, 8],
    [17, 3],
    [1, 100],
  ] as const)('%i × %i', async (width, height) => {
    const image = { data: new Uint8ClampedArray(width * height * 4).fill(255), width, height };
    for (let i = 0; i < image.data.length; i += 4) image.data.set([200, 100, 50], i);
    const file = await encodeJpeg(image, 100);
    expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', width, height });
    expect(pixelDifference(await decodedBySharp(file), image.data).most).toBeLessThanOrEqual(3);
  });

  it('lays what is transparent over white', async () => {
    const { data } = await decodeImage(await encodeJpeg({ data: new Uint8Array(16 * 16 * 4), width: 16, height: 16 }));
    expect(data.every((v) => v >= 254)).toBe(true);
  });

  it.each(refused)('refuses %s', (_, image, message) =>
    expect(encodeJpeg(image as RgbaImage)).rejects.toThrow(message),
  );

  it.each([0, 101, 50.5, Number.NaN, '90' as never])('refuses quality %s', async (quality) => {
    await expect(encodeJpeg(noise(1, 1, true), quality)).rejects.toThrow(/quality must be a whole number of 1 to 100/);
  });

  it('refuses a side that the format cannot state', async () => {
    const strip = { data: new Uint8Array(65536 * 4), width: 65536, height: 1 };
    await expect(encodeJpeg(strip)).rejects.toThrow(/sides must be at most 65535, got 65536 × 1/);
  });
});
