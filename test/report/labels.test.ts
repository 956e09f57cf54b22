import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ellipsize, placeLabels } from '../../src/report/labels.ts';

describe('placeLabels', () => {
  const picture = { width: 200, height: 120 };

  it('puts a label above its box, and below where there is no room above', () => {
    const box = { x: 50, y: 60, width: 40, height: 40 };
    expect(placeLabels([box], [{ width: 60, height: 16 }], picture, 4)[0]).toEqual({
      x: 50,
      y: 40,
      width: 60,
      height: 16,
    });
    const high = { x: 50, y: 2, width: 40, height: 40 };
    expect(placeLabels([high], [{ width: 60, height: 16 }], picture, 4)[0]!.y).toBe(46);
  });

  it('keeps labels of neighbours apart', () => {
    const boxes = [0, 1, 2].map((i) => ({ x: 40 + 30 * i, y: 50, width: 28, height: 28 }));
    const places = placeLabels(
      boxes,
      boxes.map(() => ({ width: 70, height: 14 })),
      picture,
      3,
    );
    for (const [i, a] of places.entries())
      for (const b of places.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
  });

  it('keeps every label inside the picture, wherever the boxes are', () => {
    const number = fc.double({ min: -300, max: 400, noNaN: true });
    const length = fc.double({ min: 0, max: 300, noNaN: true });
    const box = fc.record({ x: number, y: number, width: length, height: length });
    const size = fc.record({ width: fc.integer({ min: 1, max: 200 }), height: fc.integer({ min: 1, max: 120 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(box, size), { maxLength: 6 }), (faces) => {
        const places = placeLabels(
          faces.map(([b]) => b),
          faces.map(([, s]) => s),
          picture,
          3,
        );
        expect(places).toHaveLength(faces.length);
        for (const place of places) {
          expect(place.x).toBeGreaterThanOrEqual(0);
          expect(place.y).toBeGreaterThanOrEqual(0);
          expect(place.x + place.width).toBeLessThanOrEqual(picture.width);
          expect(place.y + place.height).toBeLessThanOrEqual(picture.height);
        }
      }),
    );
  });
});

describe('ellipsize', () => {
  const measure = (text: string) => [...text].length * 10;

  it.each([
    ['Ada', 30, 'Ada'],
    ['Ada Lovelace', 80, 'Ada Lov…'],
    ['Ada Lovelace', 50, 'Ada…'],
    ['Ada Lovelace', 15, ''],
    ['', 0, ''],
  ])('%s in %i pixels', (text, width, expected) => {
    expect(ellipsize(text, width, measure)).toBe(expected);
  });

  it('cuts between characters as people count them', () => {
    const astronaut = '👩‍🚀';
    expect(ellipsize(`${astronaut}${astronaut}${astronaut}`, 70, measure)).toBe(`${astronaut}${astronaut}…`);
  });
});
