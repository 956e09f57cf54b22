import { describe, expect, it } from 'vitest';
import { chipSimilarity } from '../../src/faces/align.ts';
import { aligningPoints, meanFace } from '../../src/faces/mean-face.ts';
import { boxAround, isFaceLike, textureOf, unsteadiness } from '../../src/faces/plausible.ts';
import type { Point } from '../../src/image/geometry.ts';

const SIZE = 112;
const region = { x: 0, y: 0, width: 80, height: 80 };

/** A landmarks input from brightness 0..255, scaled as the network's: divided by 255. */
function pixels(value: (x: number, y: number) => number): Float32Array {
  const all = new Float32Array(SIZE * SIZE * 3);
  for (let i = 0; i < SIZE * SIZE; i++) all.fill(value(i % SIZE, Math.floor(i / SIZE)) / 255, i * 3, i * 3 + 3);
  return all;
}

/** The mean face twice as large, at (100, 100); what does not align lies at its middle. */
function face(): Point[] {
  const order = aligningPoints(Array.from({ length: 68 }, (_, i) => ({ x: i, y: 0 }))).map(({ x }) => x);
  return Array.from({ length: 68 }, (_, i) => {
    const { x, y } = meanFace[order.indexOf(i)] ?? { x: 75, y: 75 };
    return { x: 100 + 2 * x, y: 100 + 2 * y };
  });
}
const box = { x: 100, y: 100, width: 320, height: 320 };

describe('textureOf', () => {
  it('measures contrast in brightness and steps between neighbours', () => {
    const halves = textureOf(
      pixels((x) => (x < 56 ? 100 : 140)),
      255,
      region,
    );
    expect(halves.contrast).toBeCloseTo(20, 3);
    expect(halves.roughness).toBeCloseTo(40 / 111 / 20, 4);
    const checks = textureOf(
      pixels((x, y) => ((x + y) % 2) * 200),
      255,
      region,
    );
    expect(checks.contrast).toBeCloseTo(100, 3);
    expect(checks.roughness).toBeCloseTo(2, 4);
    const flat = textureOf(
      pixels(() => 77),
      255,
      region,
    );
    expect(flat.contrast).toBeLessThan(0.1);
  });

  it('does not count the black beside a region that is no square', () => {
    const narrow = { ...region, width: 40 };
    const framed = pixels((x) => (x >= 28 && x < 84 ? 90 : 0));
    expect(textureOf(framed, 255, narrow).contrast).toBeLessThan(0.1);
    expect(textureOf(framed, 255, region).contrast).toBeGreaterThan(40);
  });
});

describe('isFaceLike', () => {
  const judge = (landmarks: Point[], where = box): boolean => isFaceLike(landmarks, chipSimilarity(landmarks), where);

  it('accepts a face that fills its box', () => expect(judge(face())).toBe(true));

  it('refuses one that is small in its box, beside it, or out of shape', () => {
    expect(judge(face(), { x: 0, y: 0, width: 500, height: 500 })).toBe(false);
    expect(judge(face(), { x: 300, y: 100, width: 320, height: 320 })).toBe(false);
    const shaken = face().map(({ x, y }, i) => ({ x: x + (i % 2 ? 60 : -60), y }));
    expect(judge(shaken)).toBe(false);
    expect(judge(face().map(({ x, y }) => ({ x, y: 400 - y })))).toBe(false);
  });
});

describe('the second look', () => {
  it('is at the same face', () => {
    const landmarks = face();
    const around = boxAround(landmarks, chipSimilarity(landmarks));
    expect(around.width).toBeCloseTo(300 / 0.94, 6);
    for (const { x, y } of landmarks) {
      expect(x > around.x && x < around.x + around.width).toBe(true);
      expect(y > around.y && y < around.y + around.height).toBe(true);
    }
  });

  it('measures movement over the distance of the eyes', () => {
    const landmarks = face();
    expect(unsteadiness(landmarks, landmarks)).toBe(0);
    const eyes =
      2 *
      (meanFace.slice(15, 21).reduce((s, p) => s + p.x, 0) / 6 -
        meanFace.slice(9, 15).reduce((s, p) => s + p.x, 0) / 6);
    const moved = landmarks.map(({ x, y }) => ({ x: x + 3, y: y + 4 }));
    expect(unsteadiness(landmarks, moved)).toBeCloseTo(5 / eyes, 3);
  });
});
