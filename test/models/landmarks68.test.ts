import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import type { Point } from '../../src/image/geometry.ts';
import { decodeLandmarks, landmarks68 } from '../../src/models/landmarks68.ts';
import { hasData } from '../data.ts';
import { openNetwork, openPhoto, peer, readJson, wholeOf } from './peer.ts';

/** Pixels: the references are rounded to 1e-4. */
const PEER = 5e-4;
/** The published points come from weights before quantisation: the peer's own are up to 2.9 pixels away. */
const PUBLISHED = 3;

function largestDistance(points: readonly Point[], expected: readonly Point[]): number {
  expect(points.length).toBe(expected.length);
  return Math.max(...points.map(({ x, y }, i) => Math.hypot(x - expected[i]!.x, y - expected[i]!.y)));
}

describe.skipIf(!hasData)('landmarks against @vladmandic/face-api', () => {
  it.each([
    ['full', 'face1.png', 'faceLandmarkPositions1'],
    ['full', 'face2.png', 'faceLandmarkPositions2'],
    ['full', 'face_rectangular.png', 'faceLandmarkPositionsRect'],
    ['tiny', 'face1.png', 'faceLandmarkPositions1Tiny'],
    ['tiny', 'face2.png', 'faceLandmarkPositions2Tiny'],
    ['tiny', 'face_rectangular.png', 'faceLandmarkPositionsRectTiny'],
  ] as const)('%s, %s', async (variant, name, published) => {
    const photo = await openPhoto(`reference-inputs/${name}`);
    const { landmarks } = (await openNetwork(landmarks68(variant))).run(photo);
    const points = decodeLandmarks(landmarks!, wholeOf(photo));
    const key = `faceLandmark68${variant === 'tiny' ? 'Tiny' : ''}Net:${name}`;
    const reference = (peer.nets[key] as [number, number][]).map(([x, y]) => ({ x, y }));
    expect(largestDistance(points, reference)).toBeLessThan(PEER);
    expect(largestDistance(points, readJson(`refs/faceapi-published/${published}.json`))).toBeLessThan(PUBLISHED);
  });
});

describe('decodeLandmarks', () => {
  const corners = Float32Array.from({ length: 136 }, (_, i) => (i < 2 ? 0 : i < 4 ? 1 : 0.5));

  it.each([
    [{ x: 0, y: 0, width: 100, height: 100 }, [0, 0], [100, 100], [50, 50]],
    [{ x: 10, y: 20, width: 100, height: 60 }, [10, 0], [110, 100], [60, 50]],
    [{ x: 10, y: 20, width: 60, height: 100 }, [-10, 20], [90, 120], [40, 70]],
  ])('lays the square back on %o', (region, first, second, middle) => {
    const points = decodeLandmarks(corners, region);
    expect(points.length).toBe(68);
    for (const [i, expected] of [first, second, middle].entries())
      expect([points[i]!.x, points[i]!.y]).toEqual(expected);
  });

  it.each([
    ['another length', new Float32Array(135), { x: 0, y: 0, width: 9, height: 9 }, 'expected 136 numbers, got 135'],
    [
      'NaN',
      corners.map((v, i) => (i === 7 ? Number.NaN : v)),
      { x: 0, y: 0, width: 9, height: 9 },
      'value 7 of 136 is NaN',
    ],
    ['no area', corners, { x: 0, y: 0, width: 0, height: 9 }, 'must have an area, got 0 × 9'],
    ['a region that is NaN', corners, { x: 0, y: 0, width: Number.NaN, height: 9 }, 'must have an area'],
  ])('refuses %s', (_, output, region, message) => {
    expect(() => decodeLandmarks(output, region)).toThrow(InputError);
    expect(() => decodeLandmarks(output, region)).toThrow(message);
  });
});
