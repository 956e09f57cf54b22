import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../../src/image/encode.ts';
import { readImage } from '../../src/image/read.ts';
import { convEncoder } from '../../src/models/conv-encoder.ts';
import { writeEncoder } from '../../src/models/encoder-file.ts';
import { dataPath, hasData } from '../data.ts';
import { facsimile } from './capture.ts';
import { portraits } from './photos.ts';

let photos: Awaited<ReturnType<typeof portraits>>;
let images: string;
let pairs: string;
const inFolder = (name: string) => join(photos.folder, name);
beforeAll(async () => {
  photos = await portraits();
  images = inFolder('images');
  const put = async (name: string, number: number, path: string, quality: number) => {
    mkdirSync(join(images, name), { recursive: true });
    const file = join(images, name, `${name}_000${number}.jpg`);
    writeFileSync(file, await encodeJpeg(await readImage(path), quality));
  };
  await put('Ada', 1, photos.ada, 95);
  await put('Ada', 2, photos.adaAgain, 95);
  await put('Bob', 1, photos.bob, 95);
  await put('Bob', 2, photos.bob, 40);
  pairs = inFolder('pairs.txt');
  writeFileSync(pairs, ['Ada 1 2', 'Bob 1 2', 'Ada 1 Bob 1', 'Ada 2 Bob 2', 'Ada 1 Bob 2'].join('\n'));
});
afterAll(() => photos.remove());

const json = async (...words: string[]) => {
  const { code, stdout, stderr } = await facsimile(...words, '--detector', 'tiny', '--json');
  return { code, stderr, value: JSON.parse(stdout) };
};

describe('calibrate', () => {
  it('finds a threshold, saves it, and verify decides by it', async () => {
    const [save, report] = [inFolder('calibration.json'), inFolder('calibration.html')];
    const words = ['calibrate', '--images', images, '--pairs', pairs, '--far', '0.4'];
    const { code, stderr, value } = await json(...words, '--save', save, '--report', report, '--people', '1', '50');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(value).toMatchObject({
      target: 0.4,
      resolved: true,
      far: { rate: 1 / 3, accepted: 1, pairs: 3, interval: { confidence: 0.95 } },
      tar: { rate: 1, accepted: 2, pairs: 2 },
      galleries: [
        { people: 1, falseAccept: expect.closeTo(1 / 3, 12) },
        { people: 50, needed: null },
      ],
      probability: { method: 'logistic', pairs: { same: 2, different: 3 } },
      pairs: 5,
      misses: 0,
      images: 4,
      secondsPerImage: expect.any(Number),
    });
    expect(JSON.parse(readFileSync(save, 'utf8'))).toMatchObject({
      kind: 'facsimile calibration',
      threshold: value.threshold,
    });
    expect(readFileSync(report, 'utf8')).toContain('False accepts in a gallery');

    const [ada, again] = [join(images, 'Ada', 'Ada_0001.jpg'), join(images, 'Ada', 'Ada_0002.jpg')];
    const decided = await json('verify', ada, again, '--calibration', save);
    expect(decided).toMatchObject({ code: 0, value: { same: true, threshold: value.threshold } });
    expect(decided.value.probability).toBeGreaterThan(0.5);
    const text = await facsimile('verify', photos.ada, photos.bob, '--detector', 'tiny', '--calibration', save);
    expect(text.stdout).toMatch(/Of pairs at this distance, \d+\.\d\d % were of one person where it was calibrated/);
  });

  it('says where the pairs are too few for the rate', async () => {
    const words = ['calibrate', '--images', images, '--pairs', pairs, '--detector', 'tiny', '--far', '0.001'];
    const { code, stdout } = await facsimile(...words);
    expect(code).toBe(0);
    expect(stdout).toContain('3 pairs of two people cannot tell such a rate from 0: it takes 1000 to see one.');
    expect(stdout).toMatch(/10000 .* too few pairs/);
    const strict = await json(...words.slice(0, -4), '--far', '0.001', '--rate', 'upper-bound');
    expect(strict).toMatchObject({ code: 2, value: { error: { name: 'InputError' } } });
    expect(strict.value.error.message).toMatch(/3 pairs of two people cannot show .* it takes 3688$/);
  });

  it('refuses pairs of one kind, and shares that are none', async () => {
    const one = inFolder('one.txt');
    writeFileSync(one, 'Ada 1 2\nBob 1 2\n');
    const { code, value } = await json('calibrate', '--images', images, '--pairs', one);
    expect(code).toBe(2);
    expect(value.error.message).toContain('got 2 of one and 0 of two');
    for (const far of ['0', '1', '5', 'few'])
      expect(
        (await json('calibrate', '--images', images, '--pairs', pairs, '--far', far)).value.error.message,
      ).toContain('It must be a share between 0 and 1');
    expect((await json('calibrate', '--images', images, '--pairs', pairs, '--people', '0')).code).toBe(2);
  });

  it('is told before any work where a file cannot be written', async () => {
    const { code, value } = await json(
      'calibrate',
      '--images',
      images,
      '--pairs',
      pairs,
      '--save',
      inFolder('no/x.json'),
    );
    expect(code).toBe(2);
    expect(value.error.message).toContain('there is no folder');
    expect(existsSync(inFolder('no'))).toBe(false);
  });
});

describe('verify --calibration', () => {
  it.each([
    ['no JSON', 'these are words', /is not a calibration: it is not JSON/],
    ['another file', '{"threshold": 0.5}', /is not a calibration; "facsimile calibrate --save/],
    ['null', 'null', /is not a calibration; "facsimile calibrate --save/],
    [
      'another network',
      '{"kind":"facsimile calibration","threshold":0.5,"alignment":"chip","model":{"name":"other","hash":"00"}}',
      /is about distances of other .* calibrate anew/,
    ],
  ])('refuses %s', async (_, content, message) => {
    const file = inFolder('bad.json');
    writeFileSync(file, content);
    const { code, value } = await json('verify', photos.ada, photos.bob, '--calibration', file);
    expect(code).toBe(2);
    expect(value.error.message).toMatch(message);
  });

  it('takes no threshold beside it', async () => {
    const { code, value } = await json('verify', 'a', 'b', '--calibration', 'c', '--threshold', '0.5');
    expect({ code, name: value.error.name }).toEqual({ code: 2, name: 'UsageError' });
  });
});

describe('oneshot', () => {
  it('identifies everyone from each of their photos', async () => {
    const report = inFolder('oneshot.html');
    const { code, stderr, value } = await json('oneshot', images, '--report', report);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(value).toEqual({
      classes: 2,
      trials: 4,
      correct: 4,
      accuracy: 1,
      interval: { low: 1, high: 1, confidence: 0.95 },
      retrieval: { precisionAt1: 1, rPrecision: 1, mapAtR: 1, queries: 4, lone: 0 },
      misses: 0,
      images: 4,
      secondsPerImage: expect.any(Number),
    });
    expect(readFileSync(report, 'utf8')).toContain('First two principal components');
    const text = await facsimile('oneshot', images, '--detector', 'tiny');
    expect(text.stdout).toMatch(/2 people in 4 photos, 0 without a face found/);
    expect(text.stdout).toMatch(/one-shot +100\.00 %/);
  });

  it.skipIf(!hasData)('identifies ORL faces from one photo, whichever it is', async () => {
    const orl = inFolder('orl');
    mkdirSync(orl);
    for (const person of ['s3', 's4', 's5', 's6']) symlinkSync(dataPath(`faces/orl/${person}`), join(orl, person));
    const { code, stdout } = await facsimile('oneshot', orl, '--json');
    expect(code).toBe(0);
    const value = JSON.parse(stdout);
    expect(value).toMatchObject({ classes: 4, images: 40, trials: 360, misses: 0 });
    expect(value.accuracy).toBeGreaterThan(0.98);
    expect(value.retrieval.precisionAt1).toBe(1);
  });

  it('draws episodes of N people and k photos', async () => {
    const { value } = await json('oneshot', images, '--ways', '2', '--episodes', '10', '--rule', 'prototype');
    expect(value).toMatchObject({ ways: 2, shots: 1, episodes: 10, rule: 'prototype', trials: 20, accuracy: 1 });
    const tooMany = await json('oneshot', images, '--ways', '3');
    expect(tooMany).toMatchObject({ code: 2 });
    expect(tooMany.value.error.message).toContain('3 ways');
    expect((await json('oneshot', images, '--shots', '2')).value.error.message).toContain('--shots needs --ways');
  });

  it('refuses a person of one photo, one person, and no folder', async () => {
    const lone = inFolder('lone');
    for (const [name, from] of [
      ['Ada', 'Ada/Ada_0001.jpg'],
      ['Ada', 'Ada/Ada_0002.jpg'],
      ['Eve', 'Bob/Bob_0001.jpg'],
    ] as const) {
      mkdirSync(join(lone, name), { recursive: true });
      copyFileSync(join(images, from), join(lone, name, from.slice(4)));
    }
    const { code, value } = await json('oneshot', lone);
    expect(code).toBe(2);
    expect(value.error.message).toContain('Eve has one photo, Bob_0001.jpg; expected at least two a person');
    expect((await json('oneshot', join(lone, 'Ada'))).code).toBe(2);
    expect((await json('oneshot', inFolder('nowhere'))).code).toBe(2);
  });
});

describe('--model', () => {
  const options = { size: 16, channels: 1, filters: [4, 4], embedding: 8 };
  const model = () => inFolder('encoder.safetensors');
  beforeAll(() => {
    const parameters = convEncoder(options).initialise(3);
    writeFileSync(model(), writeEncoder({ options, pixels: { channels: 1, mean: 0, divisor: 255 }, parameters }));
  });
  const withModel = async (...words: string[]) => {
    const { code, stdout } = await facsimile(...words, '--model', model(), '--json');
    return { code, value: JSON.parse(stdout) };
  };

  it('takes an encoder that was trained, in evaluate, calibrate and oneshot', async () => {
    const files = [inFolder('1.txt'), inFolder('2.txt')];
    writeFileSync(files[0]!, 'Bob 1 2\nAda 1 Bob 1\n');
    writeFileSync(files[1]!, 'Bob 2 1\nAda 2 Bob 1\n');
    const evaluated = await withModel('evaluate', '--images', images, '--pairs', ...files);
    // Bob's two files show one picture: whatever the encoder, nothing is nearer.
    expect(evaluated).toMatchObject({ code: 0, value: { pairs: 4, auc: 1, misses: 0, images: 4 } });
    const calibrated = await withModel('calibrate', '--images', images, '--pairs', ...files, '--far', '0.4');
    expect(calibrated).toMatchObject({ code: 0, value: { far: { accepted: 0 }, tar: { rate: 1 } } });
    const identified = await withModel('oneshot', images);
    expect(identified).toMatchObject({ code: 0, value: { classes: 2, trials: 4 } });
    const text = await facsimile('oneshot', images, '--model', model());
    expect(text.stdout).toMatch(/^2 classes in 4 photos, \d/);
  });

  it('is not another network, no file of weights, and no detector beside it', async () => {
    const save = inFolder('other.json');
    // Bob alone: this encoder was never trained, and may take Ada's two photos for two people.
    const bob = inFolder('bob.txt');
    writeFileSync(bob, 'Bob 1 2\nAda 1 Bob 1\n');
    const saved = await withModel('calibrate', '--images', images, '--pairs', bob, '--far', '0.4', '--save', save);
    expect(saved.code).toBe(0);
    const { code, value } = await json('verify', photos.ada, photos.bob, '--calibration', save);
    expect(code).toBe(2);
    expect(value.error.message).toContain('calibrate anew');
    writeFileSync(inFolder('text.safetensors'), 'these are words');
    const bad = await facsimile('oneshot', images, '--model', inFolder('text.safetensors'), '--json');
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.stdout).error.message).toContain('text.safetensors');
    expect((await json('oneshot', images, '--model', model())).value.error.name).toBe('UsageError');
  });
});
