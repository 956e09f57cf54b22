import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../../src/image/image.ts';
import { drawOver, fitWithin, paste, resample, thumbnail } from '../../src/report/canvas.ts';

/** A picture whose red is x, green y, blue 7. */
function ramp(width: number, height: number): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 7, 255], i * 4);
  return { data, width, height };
}
const pixel = ({ data, width }: RgbaImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];

describe('resample', () => {
  it('gives the same picture at the same size', () => {
    const picture = ramp(9, 5);
    expect(resample(picture, { x: 0, y: 0, width: 9, height: 5 }, 9, 5).data).toEqual(picture.data);
  });

  it('takes the mean of the cells that fall together', () => {
    const quarter = resample(ramp(8, 8), { x: 0, y: 0, width: 8, height: 8 }, 2, 2);
    expect(pixel(quarter, 0, 0)).toEqual([2, 2, 7, 255]); // (0 + 1 + 2 + 3) / 4 = 1.5
    expect(pixel(quarter, 1, 1)).toEqual([6, 6, 7, 255]);
    const thirds = resample(ramp(3, 1), { x: 0, y: 0, width: 3, height: 1 }, 2, 1);
    expect(pixel(thirds, 1, 0)[0]).toBe(2); // (1 / 2 + 2) / 1.5 = 1.67
  });

  it('reads between cells where it enlarges', () => {
    const twice = resample(ramp(4, 4), { x: 0, y: 0, width: 4, height: 4 }, 16, 4);
    expect(pixel(twice, 8, 0)[0]).toBe(2); // 8.5 / 4 − 0.5 = 1.625
    expect(pixel(twice, 5, 3)).toEqual([1, 3, 7, 255]);
  });

  it('repeats the edge outside the picture', () => {
    expect(pixel(resample(ramp(5, 5), { x: -9, y: 20, width: 3, height: 3 }, 1, 1), 0, 0)).toEqual([0, 4, 7, 255]);
  });
});

describe('fitWithin', () => {
  it('keeps the proportions and never enlarges', () => {
    const small = ramp(10, 4);
    expect(fitWithin(small, 10, 10)).toBe(small);
    expect(fitWithin(ramp(100, 40), 50, 50)).toMatchObject({ width: 50, height: 20 });
    expect(fitWithin(ramp(200, 1), 20, 20)).toMatchObject({ width: 20, height: 1 });
  });
});

describe('thumbnail', () => {
  it('is square, around the face, and inside the photo', () => {
    const face = thumbnail(ramp(200, 100), { x: 150, y: 10, width: 40, height: 40 }, 26);
    expect(face).toMatchObject({ width: 26, height: 26 });
    const [left, right] = [pixel(face, 0, 0)[0]!, pixel(face, 25, 0)[0]!];
    expect(left).toBeGreaterThan(140);
    expect(right).toBeLessThan(200);
    expect(right - left).toBeGreaterThan(46);
  });

  it('fits photos smaller than the face', () => {
    expect(thumbnail(ramp(8, 6), { x: -10, y: -10, width: 100, height: 100 }, 12)).toMatchObject({
      width: 12,
      height: 12,
    });
  });
});

describe('drawOver and paste', () => {
  it('mixes by opacity', () => {
    const overlay = { data: new Uint8Array([0, 0, 0, 0, 100, 50, 0, 128, 255, 255, 255, 255]), width: 3, height: 1 };
    const photo = { data: new Uint8Array(12).fill(200), width: 3, height: 1 };
    const mixed = drawOver(photo, overlay);
    expect(pixel(mixed, 0, 0)).toEqual([200, 200, 200, 255]);
    expect(pixel(mixed, 1, 0)).toEqual([200, 150, 100, 255]); // 200 · 127 / 255 = 99.6
    expect(pixel(mixed, 2, 0)).toEqual([255, 255, 255, 255]);
  });

  it('copies whole rows to their place', () => {
    const onto = { data: new Uint8Array(7 * 6 * 4), width: 7, height: 6 };
    paste(onto, ramp(3, 2), 4, 3);
    expect(pixel(onto, 4, 3)).toEqual([0, 0, 7, 255]);
    expect(pixel(onto, 6, 4)).toEqual([2, 1, 7, 255]);
    expect(pixel(onto, 3, 3)).toEqual([0, 0, 0, 0]);
    expect(onto.data.filter((value) => value === 255)).toHaveLength(6);
  });
});
