import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iou } from '../../src/image/geometry.ts';
import type { Detection } from '../../src/models/detector.ts';
import { suppressOverlaps } from '../../src/models/nms.ts';

const at = (x: number, score: number, width = 10): Detection => ({ box: { x, y: 0, width, height: 10 }, score });

describe('suppressOverlaps', () => {
  it('keeps the best of boxes that overlap, and those that do not', () => {
    const [a, b, c] = [at(0, 0.7), at(1, 0.9), at(30, 0.8)];
    expect(suppressOverlaps([a, b, c], 0.5)).toEqual([b, c]);
  });

  it('keeps boxes that share exactly as much as they may', () => {
    // 5 of 15 columns.
    expect(suppressOverlaps([at(0, 0.9), at(5, 0.8)], 1 / 3).length).toBe(2);
    expect(suppressOverlaps([at(0, 0.9), at(5, 0.8)], 0.333).length).toBe(1);
  });

  it('lets a dropped box drop nobody', () => {
    const [a, b, c] = [at(0, 0.9), at(4, 0.8), at(8, 0.7)];
    expect(suppressOverlaps([a, b, c], 0.4)).toEqual([a, c]);
  });

  it('takes the earlier of equal scores', () => {
    const [a, b] = [at(0, 0.5), at(1, 0.5)];
    expect(suppressOverlaps([a, b], 0.5)).toEqual([a]);
    expect(suppressOverlaps([b, a], 0.5)).toEqual([b]);
  });

  it('stops at the most', () => {
    expect(suppressOverlaps([at(0, 0.1), at(20, 0.3), at(40, 0.2)], 0.5, 2)).toEqual([at(20, 0.3), at(40, 0.2)]);
    expect(suppressOverlaps([], 0.5)).toEqual([]);
  });

  it('keeps a set without overlaps that covers all it was given', () => {
    const detection = fc
      .record({
        x: fc.integer({ min: 0, max: 60 }),
        y: fc.integer({ min: 0, max: 60 }),
        side: fc.integer({ min: 1, max: 30 }),
        score: fc.integer({ min: 0, max: 5 }),
      })
      .map(({ x, y, side, score }): Detection => ({ box: { x, y, width: side, height: side }, score: score / 5 }));
    fc.assert(
      fc.property(fc.array(detection, { maxLength: 30 }), fc.constantFrom(0, 0.3, 0.5), (found, most) => {
        const kept = suppressOverlaps(found, most);
        kept.forEach((a, i) => {
          for (const b of kept.slice(i + 1)) {
            expect(iou(a.box, b.box)).toBeLessThanOrEqual(most);
            expect(b.score).toBeLessThanOrEqual(a.score);
          }
        });
        for (const dropped of found.filter((one) => !kept.includes(one)))
          expect(kept.some((one) => iou(one.box, dropped.box) > most && one.score >= dropped.score)).toBe(true);
      }),
    );
  });
});
