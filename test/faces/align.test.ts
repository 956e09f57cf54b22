import { describe, expect, it } from 'vitest';
import { chipSimilarity, cutFace, eyeDistance, faceApiCrop, shapeResidual } from '../../src/faces/align.ts';
import { aligningPoints, meanFace } from '../../src/faces/mean-face.ts';
import { applySimilarity, type Point, type Similarity } from '../../src/image/geometry.ts';
import { Photo } from '../../src/image/photo.ts';
import { randomFrom } from '../support/random.ts';

/** 68 points of which those that align are the mean face's, seen through a similarity; the others lie at its middle. */
function landmarksAt(similarity: Similarity): Point[] {
  const places = Array.from({ length: 68 }, (_, i) => ({ x: i, y: 0 }));
  const order = aligningPoints(places).map(({ x }) => x);
  return places.map(({ x: i }) => {
    const at = order.indexOf(i);
    return applySimilarity(similarity, at < 0 ? { x: 75, y: 75 } : meanFace[at]!);
  });
}

const tilted: Similarity = { a: 1.2, b: -0.5, tx: 40, ty: 90 };

describe('alignment', () => {
  it('takes nose, eyes and upper lip of dlib’s mean face, at its places on a chip of 150', () => {
    const order = aligningPoints(Array.from({ length: 68 }, (_, i) => ({ x: i, y: 0 }))).map(({ x }) => x);
    expect(order).toEqual([...Array.from({ length: 28 }, (_, i) => 27 + i), 60, 61, 62, 63, 64]);
    // Point 30, the tip of the nose: ((0.25 + 0.490127) / 1.5 · 150, (0.25 + 0.515625) / 1.5 · 150).
    expect(meanFace[3]!.x).toBeCloseTo(74.0127, 4);
    expect(meanFace[3]!.y).toBeCloseTo(76.5625, 4);
    // Point 36, the outer corner of the left eye.
    expect(meanFace[9]!.x).toBeCloseTo(37.1737, 4);
    expect(meanFace[9]!.y).toBeCloseTo(46.6423, 4);
  });

  it('finds the similarity that a face was turned by, and how far it is from the mean face', () => {
    const landmarks = landmarksAt(tilted);
    const found = chipSimilarity(landmarks);
    for (const key of ['a', 'b', 'tx', 'ty'] as const) expect(found[key]).toBeCloseTo(tilted[key], 9);
    expect(shapeResidual(landmarks, found)).toBeCloseTo(0, 9);
    const random = randomFrom(3);
    const scale = Math.hypot(tilted.a, tilted.b);
    const angles = landmarks.map(() => random() * 2 * Math.PI);
    const moved = landmarks.map(({ x, y }, i) => ({
      x: x + 6 * scale * Math.cos(angles[i]!),
      y: y + 6 * scale * Math.sin(angles[i]!),
    }));
    // Every point moved by six chip pixels, of which the fit takes some back.
    expect(shapeResidual(moved, chipSimilarity(moved))).toBeGreaterThan(5);
    expect(shapeResidual(moved, chipSimilarity(moved))).toBeLessThan(6);
  });

  it('cuts the chip out of the photo through that similarity', () => {
    const size = 400;
    const data = new Uint8Array(size * size * 4);
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) data.set([x / 2, y / 2, 0, 255], (y * size + x) * 4);
    const photo = new Photo({ data, width: size, height: size });
    const box = { x: 0, y: 0, width: size, height: size };
    const chip = cutFace(photo, { box, region: box, landmarks: landmarksAt(tilted) }, 'chip', {
      mean: [0, 0, 0],
      divisor: 1,
    });
    photo.close();
    for (const [x, y] of [
      [0, 60],
      [75, 75],
      [149, 149],
    ] as const) {
      const at = applySimilarity(tilted, { x, y });
      expect(chip[(y * 150 + x) * 3]).toBeCloseTo(at.x / 2, -0.5);
      expect(chip[(y * 150 + x) * 3 + 1]).toBeCloseTo(at.y / 2, -0.5);
    }
  });

  it('cuts the square of face-api, its quirks included', () => {
    const landmarks = landmarksAt({ a: 1, b: 0, tx: 100, ty: 100 });
    const middle = (from: number, to: number): [number, number] => {
      const points = landmarks.slice(from, to);
      return [0, 1].map((axis) => points.reduce((sum, p) => sum + (axis ? p.y : p.x), 0) / points.length) as [
        number,
        number,
      ];
    };
    const [left, right, mouth] = [middle(36, 42), middle(42, 48), middle(48, 68)];
    expect(eyeDistance(landmarks)).toBeCloseTo(Math.hypot(left[0] - right[0], left[1] - right[1]), 9);
    const reach =
      (Math.hypot(mouth[0] - left[0], mouth[1] - left[1]) + Math.hypot(mouth[0] - right[0], mouth[1] - right[1])) / 2;
    const size = Math.floor(reach / 0.45);
    const centre = [0, 1].map((axis) => (left[axis]! + right[axis]! + mouth[axis]!) / 3) as [number, number];
    const region = { x: 90, y: 90, width: 160, height: 170 };
    const expected = {
      x: Math.floor(centre[0] - size / 2),
      y: Math.floor(centre[1] - 0.43 * size),
      width: size,
      height: size,
    };
    expect(faceApiCrop({ box: region, region, landmarks })).toEqual(expected);
    // A box that hangs over the edge: landmarks are placed from its corner.
    expect(faceApiCrop({ box: { ...region, x: 60.5 }, region, landmarks })).toEqual({
      ...expected,
      x: Math.floor(centre[0] - 29.5 - size / 2),
    });
    // A small region bounds the square.
    const small = { ...region, width: 10, height: 20 };
    expect(faceApiCrop({ box: small, region: small, landmarks })).toMatchObject({
      width: Math.min(size, 10 + expected.x),
      height: Math.min(size, 20 + expected.y),
    });
  });
});
