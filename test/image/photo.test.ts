import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImageError, InputError, OutOfMemoryError } from '../../src/core/errors.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { Photo } from '../../src/image/photo.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';
import * as oracle from '../oracle/image.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { noisePicture } from '../support/picture.ts';

const recognition = { size: 150, place: 'centre', mean: [122.782, 117.001, 104.298], divisor: 255 } as const;
const plain = { mean: [0, 0, 0], divisor: 1 } as const;

async function decode(path: string): Promise<RgbaImage> {
  const { data, info } = await sharp(path)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function statistics(values: Float32Array) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return { mean, std, min: Math.min(...values), max: Math.max(...values), first8: [...values.subarray(0, 8)] };
}

const bytesOf = (values: Float32Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** Pads, resizes and normalises as face-api does, on tfjs' wasm backend. */
async function withTfjs(image: RgbaImage, { size, place, mean, divisor }: Parameters<Photo['square']>[1]) {
  const { width, height } = image;
  const side = Math.max(width, height);
  const before = (length: number) => (place === 'centre' ? Math.floor((side - length) / 2) : 0);
  const around = (length: number): [number, number] => [before(length), side - length - before(length)];
  const rgb = Float32Array.from({ length: width * height * 3 }, (_, i) => image.data[Math.floor(i / 3) * 4 + (i % 3)]!);
  const result = tf.tidy(() => {
    const padded = tf.pad3d(tf.tensor3d(rgb, [height, width, 3]), [around(height), around(width), [0, 0]]);
    return tf.div(tf.sub(tf.image.resizeBilinear(padded, [size, size]), tf.tensor1d([...mean])), divisor);
  });
  return (await result.data()) as Float32Array;
}

describe('Photo.square', () => {
  beforeAll(async () => {
    setWasmPaths(fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))));
    await tf.setBackend('wasm');
  });

  for (const name of ['face1.png', 'face2.png'])
    it.skipIf(!hasData)(`gives the recognition network ${name} as face-api does`, async () => {
      const { nets } = JSON.parse(readFileSync(dataPath('refs/faceapi_peer_layers.json'), 'utf8'));
      const image = await decode(dataPath(`faces/reference-inputs/${name}`));
      const photo = new Photo(image);
      const whole = { x: 0, y: 0, width: image.width, height: image.height };
      for (const [stage, options] of [
        ['input', { ...recognition, ...plain }],
        ['normalized', recognition],
      ] as const) {
        const got = statistics(photo.square(whole, options));
        const wanted = nets[`faceRecognition:${name}`][stage];
        for (const key of ['mean', 'std', 'min', 'max'] as const)
          expect(got[key], `${stage} ${key}`).toBeCloseTo(wanted[key], 3);
        for (const [i, v] of got.first8.entries()) expect(v, `${stage} ${i}`).toBeCloseTo(wanted.first8[i], 3);
      }
      photo.close();
    });

  for (const place of ['centre', 'start'] as const)
    for (const [width, height] of [
      [122, 178],
      [178, 121],
      [416, 233],
      [97, 97],
    ] as const)
      it(`${width} × ${height}, ${place}, with the bits of tfjs on its wasm backend`, async () => {
        const image = noisePicture(width, height, width);
        const photo = new Photo(image);
        const options = { ...recognition, size: 112, place };
        const got = photo.square({ x: 0, y: 0, width, height }, options);
        expect(bytesOf(got).equals(bytesOf(await withTfjs(image, options)))).toBe(true);
        photo.close();
      });

  it('gives a detector a real photo with the bits of tfjs', async () => {
    const image = await decode(faceApiPath('demo/sample1.jpg'));
    const options = { size: 512, place: 'start', mean: [127.5, 127.5, 127.5], divisor: 127.5 } as const;
    const photo = new Photo(image);
    const got = photo.square({ x: 0, y: 0, width: image.width, height: image.height }, options);
    expect(bytesOf(got).equals(bytesOf(await withTfjs(image, options)))).toBe(true);
    photo.close();
  });

  it('clips a region to the photo and rounds its numbers down', () => {
    const image = noisePicture(40, 30, 5);
    const photo = new Photo(image);
    const options = { ...recognition, size: 23 };
    const got = photo.square({ x: 30.7, y: -4.5, width: 25.9, height: 20.25 }, options);
    const expected = oracle.square(image, { x: 30, y: 0, width: 9, height: 15 }, options);
    expect(relativeError(got, expected)).toBeLessThan(tolerance.sampling);
    photo.close();
  });

  it('ignores alpha', () => {
    const image = noisePicture(11, 7, 5);
    const opaque = { ...image, data: image.data.map((v, i) => (i % 4 === 3 ? 255 : v)) };
    const region = { x: 0, y: 0, width: 11, height: 7 };
    expect(new Photo(image).square(region, recognition)).toEqual(new Photo(opaque).square(region, recognition));
  });
});

describe('Photo.warp', () => {
  it('averages k × k samples where it shrinks, k the whole part of the scale', () => {
    const image = noisePicture(210, 160, 9);
    const photo = new Photo(image);
    const options = { ...recognition, size: 20 };
    for (const [a, b, k] of [
      [1.98, 0, 1],
      [2, 0, 2],
      [1.5, 2.2, 2],
      [6, 0.5, 6],
    ] as const) {
      const similarity = { a, b, tx: 3.3, ty: -5.6 };
      const expected = oracle.warp(image, similarity, k, options);
      expect(relativeError(photo.warp(similarity, options), expected), `k ${k}`).toBeLessThan(tolerance.sampling);
    }
    photo.close();
  });

  it('does not alias: a fine checkerboard shrunk by eight is grey', () => {
    const [width, height] = [256, 256];
    const data = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) data.fill((i + Math.floor(i / width)) % 2 ? 255 : 0, i * 4, i * 4 + 4);
    const grey = new Photo({ data, width, height }).warp({ a: 8, b: 0, tx: 20, ty: 20 }, { size: 24, ...plain });
    for (const v of grey) expect(Math.abs(v - 127.5)).toBeLessThan(4);
  });

  it('is the photo itself through the identity', () => {
    const image = noisePicture(9, 9, 2);
    const got = new Photo(image).warp({ a: 1, b: 0, tx: 0, ty: 0 }, { size: 9, ...plain });
    expect([...got]).toEqual([...image.data].filter((_, i) => i % 4 !== 3));
  });

  it('ends in time where a similarity shrinks beyond all measure', () => {
    const photo = new Photo(noisePicture(8, 8));
    expect(photo.warp({ a: 1e9, b: 0, tx: 1e9, ty: 0 }, { size: 4, ...plain })).toEqual(new Float32Array(48));
  });
});

describe('Photo', () => {
  it('gives its memory back when closed, and says so when used afterwards', () => {
    const engine = createEngine();
    const photo = new Photo(noisePicture(50, 40), engine);
    expect(engine.regions.usedBytes).toBe(8000);
    photo.square({ x: 0, y: 0, width: 50, height: 40 }, recognition);
    expect(engine.regions.usedBytes).toBe(8000);
    photo.close();
    photo.close();
    expect(engine.regions.usedBytes).toBe(0);
    expect(() => photo.square({ x: 0, y: 0, width: 50, height: 40 }, recognition)).toThrow(
      /square: this photo is closed/,
    );
    expect(() => photo.warp({ a: 1, b: 0, tx: 0, ty: 0 }, recognition)).toThrow(/warp: this photo is closed/);
  });

  it('samples the same after memory has grown under it', () => {
    const engine = createEngine();
    const photo = new Photo(noisePicture(50, 40), engine);
    const region = { x: 3, y: 1, width: 30, height: 33 };
    const before = photo.square(region, recognition);
    engine.regions.allocate(8 << 20);
    expect(photo.square(region, recognition)).toEqual(before);
  });

  it('leaves nothing behind when memory runs out', () => {
    const engine = createEngine({ maxBytes: 65536 });
    expect(() => new Photo(noisePicture(200, 200), engine)).toThrow(OutOfMemoryError);
    const photo = new Photo(noisePicture(50, 40), engine);
    expect(() => photo.square({ x: 0, y: 0, width: 50, height: 40 }, recognition)).toThrow(OutOfMemoryError);
    expect(engine.regions.usedBytes).toBe(8000);
  });

  it('refuses data that does not fill its size', () => {
    for (const [data, width, height] of [
      [new Uint8Array(15), 2, 2],
      [new Uint8Array(0), 0, 4],
      [new Uint8Array(16), 2.5, 1.6],
      [new Uint8Array(16), Number.NaN, 2],
    ] as const)
      expect(() => new Photo({ data, width, height })).toThrow(ImageError);
  });

  it('writes into the array that it is given', () => {
    const photo = new Photo(noisePicture(30, 20));
    const similarity = { a: 0.3, b: 0.1, tx: 2, ty: 1 };
    const region = { x: 4, y: 2, width: 20, height: 15 };
    const into = new Float32Array(recognition.size ** 2 * 3);
    expect(photo.warp(similarity, { ...recognition, into })).toBe(into);
    expect(into).toEqual(photo.warp(similarity, recognition));
    expect(photo.square(region, { ...recognition, into })).toBe(into);
    expect(into).toEqual(photo.square(region, recognition));
  });

  it('writes straight into memory of its engine', () => {
    const engine = createEngine();
    const photo = new Photo(noisePicture(30, 20), engine);
    const region = { x: 4, y: 2, width: 20, height: 15 };
    const expected = photo.square(region, recognition);
    const { address } = engine.regions.allocate(expected.byteLength);
    const into = engine.memory.f32(address, expected.length);
    const used = engine.memory.bytes;
    expect(photo.square(region, { ...recognition, into })).toBe(into);
    expect(into).toEqual(expected);
    expect(engine.memory.bytes).toBe(used);
  });

  const photo = new Photo(noisePicture(10, 10));
  const region = { x: 0, y: 0, width: 10, height: 10 };
  const refused: [string, () => unknown, RegExp][] = [
    [
      'a region outside',
      () => photo.square({ ...region, x: 10 }, recognition),
      /holds no whole pixel of a photo of 10 × 10/,
    ],
    ['a region less than a pixel', () => photo.square({ ...region, width: 0.9 }, recognition), /holds no whole pixel/],
    [
      'a region that is not a number',
      () => photo.square({ ...region, x: Number.NaN }, recognition),
      /holds no whole pixel/,
    ],
    ['a size of 0', () => photo.square(region, { ...recognition, size: 0 }), /size must be/],
    [
      'a place for the numbers that is too small',
      () => photo.square(region, { ...recognition, into: new Float32Array(recognition.size ** 2 * 3 - 1) }),
      /Photo.square: into must be a Float32Array of 67500, got Float32Array of 67499/,
    ],
    [
      'a place for the numbers that holds others',
      () => photo.warp({ a: 1, b: 0, tx: 0, ty: 0 }, { ...recognition, into: [0] as unknown as Float32Array }),
      /Photo.warp: into must be a Float32Array of 67500, got Array of 1/,
    ],
    ['a divisor of 0', () => photo.square(region, { ...recognition, divisor: 0 }), /divisor must be/],
    [
      'a mean that is not a number',
      () => photo.square(region, { ...recognition, mean: [0, Number.NaN, 0] }),
      /mean must be/,
    ],
    [
      'an unknown place',
      () => photo.square(region, { ...recognition, place: 'end' as 'start' }),
      /place must be 'centre' or 'start', got "end"/,
    ],
    [
      'a similarity that is not a number',
      () => photo.warp({ a: 1, b: 0, tx: Number.NaN, ty: 0 }, recognition),
      /Photo.warp: expected a similarity/,
    ],
    [
      'a similarity without a scale',
      () => photo.warp({ a: 0, b: 0, tx: 0, ty: 0 }, recognition),
      /finite scale above 0/,
    ],
    [
      'a warp of size 1.5',
      () => photo.warp({ a: 1, b: 0, tx: 0, ty: 0 }, { ...recognition, size: 1.5 }),
      /Photo.warp: size must be/,
    ],
  ];
  for (const [what, act, message] of refused)
    it(`refuses ${what}`, () => {
      expect(act).toThrow(InputError);
      expect(act).toThrow(message);
    });
});
