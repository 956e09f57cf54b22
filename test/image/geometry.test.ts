import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import {
  applySimilarity,
  type Box,
  centroidOf,
  clipBox,
  fitSimilarity,
  floorBox,
  iou,
  type Point,
  scaleOf,
} from '../../src/image/geometry.ts';

const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
/** A similarity by scale and a direction, so that its scale is never tiny. */
const similarity = fc
  .record({
    angle: fc.double({ min: -3.14, max: 3.14, noNaN: true }),
    scale: fc.double({ min: 0.01, max: 50, noNaN: true }),
    tx: coordinate,
    ty: coordinate,
  })
  .map(({ angle, scale, tx, ty }) => ({ a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx, ty }));

const error = (s: ReturnType<typeof fitSimilarity>, from: readonly Point[], to: readonly Point[]): number =>
  from.reduce((sum, p, i) => {
    const q = applySimilarity(s, p);
    return sum + (q.x - to[i]!.x) ** 2 + (q.y - to[i]!.y) ** 2;
  }, 0);

describe('fitSimilarity', () => {
  it('finds a quarter turn to the right, doubled and shifted', () => {
    const from = [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
    ];
    const to = [
      { x: 5, y: 7 },
      { x: 5, y: 9 },
      { x: 3, y: 7 },
    ];
    const { a, b, tx, ty } = fitSimilarity(from, to);
    expect([a, b, tx, ty].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([0, 2, 5, 7]);
  });

  it('recovers the similarity that moved the points', () => {
    fc.assert(
      fc.property(similarity, fc.array(point, { minLength: 2, maxLength: 12 }), (s, from) => {
        fc.pre(from.some(({ x, y }) => Math.abs(x - from[0]!.x) + Math.abs(y - from[0]!.y) > 1));
        const found = fitSimilarity(
          from,
          from.map((p) => applySimilarity(s, p)),
        );
        for (const p of from) {
          const [got, wanted] = [applySimilarity(found, p), applySimilarity(s, p)];
          expect(Math.abs(got.x - wanted.x) + Math.abs(got.y - wanted.y)).toBeLessThan(1e-7);
        }
      }),
    );
  });

  it('has the least squared error: any small change makes it worse', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(point, point), { minLength: 3, maxLength: 9 }), (pairs) => {
        const [from, to] = [pairs.map(([p]) => p), pairs.map(([, q]) => q)];
        let s: ReturnType<typeof fitSimilarity>;
        try {
          s = fitSimilarity(from, to);
        } catch {
          return;
        }
        const least = error(s, from, to);
        const slack = 1e-6 * (1 + least);
        for (const key of ['a', 'b', 'tx', 'ty'] as const)
          for (const step of [1e-3, -1e-3])
            expect(error({ ...s, [key]: s[key] + step }, from, to)).toBeGreaterThan(least - slack);
      }),
    );
  });

  const line = [
    { x: 0, y: 0 },
    { x: 1, y: 2 },
    { x: 3, y: 1 },
  ];
  const refused: Record<string, [Point[], Point[], RegExp]> = {
    'sets of two lengths': [line, line.slice(1), /got 3 and 2/],
    'a single point': [line.slice(0, 1), line.slice(0, 1), /at least two points/],
    'a NaN': [line, [line[0]!, { x: Number.NaN, y: 0 }, line[2]!], /got \(NaN, 0\) as to\[1\]/],
    'an infinity': [[{ x: Infinity, y: 0 }, ...line.slice(1)], line, /from\[0\]/],
    'points in one place': [Array(3).fill({ x: 0.1, y: 1 / 3 }), line, /one place/],
    'targets in one place': [line, Array(3).fill({ x: 1 / 3, y: 0.7 }), /one place/],
    'a mirror image': [
      [
        { x: -1, y: 0 },
        { x: 1, y: 0 },
        { x: 0, y: 1 },
        { x: 0, y: -1 },
      ],
      [
        { x: 1, y: 0 },
        { x: -1, y: 0 },
        { x: 0, y: 1 },
        { x: 0, y: -1 },
      ],
      /mirror/,
    ],
  };
  for (const [what, [from, to, message]] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      expect(() => fitSimilarity(from, to)).toThrow(InputError);
      expect(() => fitSimilarity(from, to)).toThrow(message);
    });
});

describe('scaleOf', () => {
  it('is the length that a step of one becomes', () => {
    fc.assert(
      fc.property(similarity, point, (s, p) => {
        const [from, to] = [applySimilarity(s, p), applySimilarity(s, { x: p.x + 1, y: p.y })];
        const length = Math.sqrt((to.x - from.x) ** 2 + (to.y - from.y) ** 2);
        expect(Math.abs(length - scaleOf(s))).toBeLessThan(1e-9 * (1 + scaleOf(s)));
      }),
    );
  });
});

describe('centroidOf', () => {
  it('is the mean', () => {
    expect(
      centroidOf([
        { x: 3, y: -1 },
        { x: -2, y: 4 },
        { x: 0, y: 0 },
      ]),
    ).toEqual({ x: 1 / 3, y: 1 });
    expect(() => centroidOf([])).toThrow(InputError);
  });
});

describe('boxes', () => {
  const clipped: [Box, Box][] = [
    [
      { x: 2, y: 3, width: 4, height: 5 },
      { x: 2, y: 3, width: 4, height: 5 },
    ],
    [
      { x: -2.5, y: -1, width: 4, height: 40 },
      { x: 0, y: 0, width: 1.5, height: 20 },
    ],
    [
      { x: 8, y: 18.5, width: 4, height: 5 },
      { x: 8, y: 18.5, width: 2, height: 1.5 },
    ],
    [
      { x: 12, y: -9, width: 4, height: 5 },
      { x: 10, y: 0, width: 0, height: 0 },
    ],
  ];
  for (const [box, expected] of clipped)
    it(`${JSON.stringify(box)} clipped to 10 × 20`, () => expect(clipBox(box, 10, 20)).toEqual(expected));

  it('round down each of their numbers', () =>
    expect(floorBox({ x: -0.5, y: 2.9, width: 3.99, height: 4 })).toEqual({ x: -1, y: 2, width: 3, height: 4 }));

  it('share an area over their union', () => {
    const a = { x: 0, y: 0, width: 4, height: 4 };
    expect(iou(a, a)).toBe(1);
    expect(iou(a, { x: 2, y: 2, width: 4, height: 4 })).toBe(4 / 28);
    expect(iou(a, { x: 4, y: 0, width: 4, height: 4 })).toBe(0);
    expect(iou(a, { x: -9, y: -9, width: 4, height: 4 })).toBe(0);
    expect(iou({ ...a, width: 0 }, { ...a, width: 0 })).toBe(0);
  });
});
