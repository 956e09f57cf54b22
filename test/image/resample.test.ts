import { describe, expect, it } from 'vitest';
import { resample } from '../../src/image/resample.ts';

const image = (width: number, height: number, rgb: (x: number, y: number) => readonly number[]) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const pixel = i >> 2;
    return i % 4 === 3 ? 255 : rgb(pixel % width, Math.floor(pixel / width))[i % 4]!;
  }),
});

describe('resample', () => {
  it('keeps pixels at their own size: RGB, or luminance by BT.601', () => {
    const rgb = image(2, 1, (x) => (x === 0 ? [255, 0, 0] : [10, 20, 30]));
    expect([...resample(rgb, [1, 2], 3)]).toEqual([255, 0, 0, 10, 20, 30]);
    expect([...resample(rgb, [1, 2], 1)]).toEqual([76, 18]);
    const white = image(3, 3, () => [255, 255, 255]);
    expect([...resample(white, [3, 3], 1)]).toEqual(new Array(9).fill(255));
  });

  it('averages where it shrinks: fine stripes become grey', () => {
    const stripes = image(32, 32, (x) => new Array<number>(3).fill((x % 2) * 255));
    for (const value of resample(stripes, [8, 8], 1)) expect(Math.abs(value - 127.5)).toBeLessThan(17);
    expect(resample(stripes, [8, 8], 1)[27]).toBeCloseTo(128, -1);
  });

  it('keeps a plane a plane, where it shrinks and where it grows', () => {
    const slope = image(40, 20, (x, y) => [2 * x + 3 * y, 0, 0]);
    for (const [h, w] of [
      [10, 10],
      [40, 80],
    ] as const) {
      const out = resample(slope, [h, w], 3);
      for (let y = 3; y < h - 3; y++)
        for (let x = 3; x < w - 3; x++) {
          const expected = 2 * (((x + 0.5) * 40) / w - 0.5) + 3 * (((y + 0.5) * 20) / h - 0.5);
          expect(Math.abs(out[(y * w + x) * 3]! - expected)).toBeLessThanOrEqual(0.51);
        }
    }
  });

  it('refuses data that does not fill its size', () => {
    expect(() => resample({ width: 2, height: 2, data: new Uint8Array(4) }, [1, 1], 1)).toThrow(
      'resample: 2 × 2 pixels need 16 bytes',
    );
  });
});
