import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import type { Photo } from '../../src/image/photo.ts';
import type { Detection, Detector } from '../../src/models/detector.ts';
import { ssdMobilenet } from '../../src/models/ssd-mobilenet.ts';
import { tinyFaceDetector } from '../../src/models/tiny-face-detector.ts';
import { dataPath, hasData } from '../data.ts';
import { layerError, openAsPeer, openNetwork, openPhoto, peer, weightsOf } from './peer.ts';

const FACES = 'reference-inputs/faces.jpg';

async function detect(detector: Detector, photo: Photo): Promise<Detection[]> {
  const network = await openNetwork(detector);
  return detector.decoder(network.bound)(network.run(photo), photo);
}

function differences(found: readonly Detection[], expected: readonly { score: number; box: number[] }[]) {
  expect(found.length).toBe(expected.length);
  const boxes = found.map(({ box }, i) =>
    [box.x, box.y, box.width, box.height].map((v, j) => v - expected[i]!.box[j]!),
  );
  const scores = found.map(({ score }, i) => score - expected[i]!.score);
  return { box: Math.max(...boxes.flat().map(Math.abs)), score: Math.max(...scores.map(Math.abs)) };
}

describe.skipIf(!hasData)('detectors against @vladmandic/face-api', () => {
  it('the tiny detector gives the same map', async () => {
    const { boxes } = (await openNetwork(tinyFaceDetector())).run(openAsPeer(FACES));
    expect(layerError(boxes!, peer.nets['tinyFaceDetector:raw416:faces.jpg'])).toBeLessThan(1e-6);
  });

  it.each([
    ['tiny416', tinyFaceDetector],
    ['ssd', ssdMobilenet],
  ] as const)('%s finds the same faces in the same pixels', async (name, build) => {
    const { box, score } = differences(await detect(build(), openAsPeer(FACES)), peer.pipeline[name]);
    expect(box, 'pixels').toBeLessThan(1e-3);
    expect(score).toBeLessThan(1e-5);
  });

  it.each([
    ['tiny416', tinyFaceDetector],
    ['ssd', ssdMobilenet],
  ] as const)('%s finds the same faces in the same file', async (name, build) => {
    const { box, score } = differences(await detect(build(), await openPhoto(FACES)), peer.pipeline[name]);
    expect(box, 'pixels').toBeLessThan(1);
    expect(score).toBeLessThan(0.02);
  });

  it.each([
    ['expectedTinyFaceDetectorBoxes.txt', tinyFaceDetector],
    ['expectedSsdMobilenetv1Boxes.txt', ssdMobilenet],
  ] as const)('finds what %s published, to 5 pixels', async (file, build) => {
    const text = readFileSync(dataPath(`refs/faceapi-published/${file}`), 'utf8');
    const published = [...text.matchAll(/x: (\d+), y: (\d+), width: (\d+), height: (\d+)/g)].map((m) =>
      m.slice(1).map(Number),
    );
    const found = await detect(build(), await openPhoto(FACES));
    expect(found.length).toBe(published.length);
    for (const { box } of found) {
      const distances = published.map((p) =>
        Math.max(...[box.x, box.y, box.width, box.height].map((v, i) => Math.abs(v - p[i]!))),
      );
      expect(Math.min(...distances)).toBeLessThan(5);
    }
  });

  it('takes inputs of every multiple of 32, and finds more faces in larger ones', async () => {
    const detector = tinyFaceDetector();
    const photo = await openPhoto(FACES);
    const counts = [];
    for (const size of [128, 224, 320, 608]) {
      const network = await openNetwork(detector, { size });
      expect(network.plan.outputs.get('boxes')).toEqual([1, size / 32, size / 32, 25]);
      counts.push(detector.decoder(network.bound)(network.run(photo), photo).length);
    }
    expect(counts).toEqual([0, 3, 6, 6]);
  });
});

describe('tiny face detector', () => {
  const decode = tinyFaceDetector().decoder(parametersOf({}));
  /** A map of S/32 cells where one anchor of one cell holds these five numbers and all else is sure of nothing. */
  const mapOf = (side: number, row: number, column: number, anchor: number, numbers: readonly number[]) => {
    const boxes = new Float32Array(side * side * 25).fill(-20);
    boxes.set(numbers, ((row * side + column) * 5 + anchor) * 5);
    return { boxes };
  };

  it('decodes a box: cell and anchor to pixels', () => {
    const [face, ...others] = decode(mapOf(4, 1, 2, 3, [0, 0, 0, 0, 2]), { width: 256, height: 128 });
    expect(others).toEqual([]);
    expect(face!.score).toBeCloseTo(0.8807970779778823, 15);
    // One cell is 256 / 4 pixels both ways: the square's side is the photo's longer one.
    expect(face!.box.width).toBeCloseTo(4.266906 * 64, 9);
    expect(face!.box.height).toBeCloseTo(5.178857 * 64, 9);
    expect(face!.box.x + face!.box.width / 2).toBeCloseTo(2.5 * 64, 9);
    expect(face!.box.y + face!.box.height / 2).toBeCloseTo(1.5 * 64, 9);
  });

  it('takes only scores above the least', () => {
    const map = mapOf(4, 0, 0, 0, [0, 0, 0, 0, 0]);
    expect(decode(map, { width: 64, height: 64 }, { minScore: 0.5 })).toEqual([]);
    expect(decode(map, { width: 64, height: 64 }, { minScore: 0.4999 }).length).toBe(1);
  });

  it.each([
    ['no output', {}, {}, 'must be [1,S/32,S/32,25], got no numbers'],
    ['a map that is no square', { boxes: new Float32Array(2 * 25) }, {}, 'got 50 numbers'],
    ['an empty map', { boxes: new Float32Array(0) }, {}, 'got 0 numbers'],
    ['NaN', { boxes: new Float32Array(25).fill(Number.NaN) }, {}, 'value 0 of 25 is NaN'],
    [
      'a least score that is NaN',
      { boxes: new Float32Array(25) },
      { minScore: Number.NaN },
      'minScore must lie in 0 … 1, got NaN',
    ],
    ['a least score of 50', { boxes: new Float32Array(25) }, { minScore: 50 }, 'minScore must lie in 0 … 1, got 50'],
  ])('refuses %s', (_, outputs, options, message) => {
    const run = () => decode(outputs as Record<string, Float32Array>, { width: 64, height: 64 }, options);
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });

  it.each([
    [0, 10],
    [10, Number.NaN],
    [Number.POSITIVE_INFINITY, 10],
  ])('refuses a photo of %d × %d', (width, height) => {
    expect(() => decode({ boxes: new Float32Array(25) }, { width, height })).toThrow(InputError);
  });
});

describe('SSD', () => {
  const detector = ssdMobilenet();
  const sides = [32, 16, 8, 4, 2, 1];
  const quiet = () =>
    Object.fromEntries(
      sides.flatMap((side, i) => {
        const boxes = side * side * (i === 0 ? 3 : 6);
        return [
          [`BoxPredictor_${i}/encoding`, new Float32Array(boxes * 4)],
          [`BoxPredictor_${i}/class`, new Float32Array(boxes * 3).fill(-20)],
        ];
      }),
    );
  const anchor = [0.25, 0.5, 0.5, 0.625];
  const anchors = Float32Array.from({ length: 5118 * 4 }, (_, i) => anchor[i % 4]!);
  const decode = detector.decoder(parametersOf({ 'Output/extra_dim': { shape: [1, 5118, 4], values: anchors } }));

  it('decodes a box: anchor and encoding to pixels', () => {
    const outputs = quiet();
    outputs['BoxPredictor_2/class']![5 * 3 + 1] = 3;
    outputs['BoxPredictor_2/encoding']!.set([10, -10, 5, 0], 5 * 4);
    const [face, ...others] = decode(outputs, { width: 512, height: 256 });
    expect(others).toEqual([]);
    // Centre (0.375 + 1·0.25, 0.5625 − 1·0.125), height 0.25·e, width 0.125, of 512 pixels.
    expect(face!.box.width).toBeCloseTo(64, 9);
    expect(face!.box.height).toBeCloseTo(0.25 * Math.E * 512, 9);
    expect(face!.box.x).toBeCloseTo((0.4375 - 0.0625) * 512, 9);
    expect(face!.box.y).toBeCloseTo((0.625 - 0.125 * Math.E) * 512, 9);
  });

  it('clips to the square and keeps one of boxes that are the same', () => {
    const outputs = quiet();
    for (const b of [0, 1, 2]) {
      outputs['BoxPredictor_0/class']![b * 3 + 1] = 1 + b;
      outputs['BoxPredictor_0/encoding']!.set([0, 0, 10, 20], b * 4);
    }
    const [face, ...others] = decode(outputs, { width: 100, height: 100 });
    expect(others).toEqual([]);
    expect(face!.score).toBeCloseTo(0.9525741268224334, 15);
    expect(face!.box).toEqual({ x: 0, y: 0, width: 100, height: 100 });
  });

  it('drops a box that lies beside the square', () => {
    const outputs = quiet();
    outputs['BoxPredictor_0/class']![1] = 3;
    outputs['BoxPredictor_0/encoding']!.set([0, 100, 0, 0]);
    expect(decode(outputs, { width: 100, height: 100 })).toEqual([]);
  });

  it.each([
    [
      'an output that is missing',
      (o: Record<string, Float32Array>) => delete o['BoxPredictor_3/class'],
      'output "BoxPredictor_3/class" is missing',
    ],
    [
      'scores for other boxes',
      (o: Record<string, Float32Array>) => (o['BoxPredictor_1/class'] = new Float32Array(3)),
      '1536 boxes of BoxPredictor_1/encoding have 3 scores',
    ],
    [
      'fewer boxes than anchors',
      (o: Record<string, Float32Array>) => {
        o['BoxPredictor_5/class'] = new Float32Array(3);
        o['BoxPredictor_5/encoding'] = new Float32Array(4);
      },
      'the outputs hold 5113 boxes, the weights 5118 anchors',
    ],
    [
      'NaN',
      (o: Record<string, Float32Array>) => (o['BoxPredictor_0/class']![9] = Number.NaN),
      'value 9 of 9216 is NaN',
    ],
  ])('refuses %s', (_, change, message) => {
    const outputs = quiet();
    change(outputs);
    expect(() => decode(outputs, { width: 9, height: 9 })).toThrow(InputError);
    expect(() => decode(outputs, { width: 9, height: 9 })).toThrow(message);
  });

  it('needs its anchors', async () => {
    const weights = await weightsOf('ssd_mobilenetv1');
    expect(detector.bind(weights).get('Output/extra_dim').shape).toEqual([1, 5118, 4]);
    expect(() => detector.decoder(parametersOf({}))).toThrow(WeightsError);
  });
});
