import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../../src/image/image.ts';
import { annotate } from '../../src/report/annotate.ts';
import { montage } from '../../src/report/montage.ts';

const grey = (width: number, height: number): RgbaImage => ({
  data: new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : 120)),
  width,
  height,
});
const pixel = ({ data, width }: RgbaImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3),
];

/** The smallest box that holds all pixels that are not grey 120. */
function changed({ data, width, height }: RgbaImage) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3).some((value) => value !== 120)) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  return { left, top, right, bottom };
}

const box = { x: 200, y: 150, width: 80, height: 100 };

describe('annotate', () => {
  it('gives a picture of the same size, and the same picture without marks', async () => {
    const photo = grey(320, 240);
    const same = await annotate(photo, []);
    expect(same).toMatchObject({ width: 320, height: 240 });
    expect(Buffer.from(same.data).equals(Buffer.from(photo.data))).toBe(true);
  });

  it('draws the frame where the box is, in the colour of its tone', async () => {
    const marked = await annotate(grey(600, 400), [{ box, tone: 'yes' }]);
    const { left, top, right, bottom } = changed(marked);
    for (const [edge, expected] of [
      [left, 200],
      [top, 150],
      [right, 280],
      [bottom, 250],
    ] as const)
      expect(Math.abs(edge - expected)).toBeLessThanOrEqual(4);
    const [red, green, blue] = pixel(marked, 200, 200);
    expect(green).toBeGreaterThan(red! + 30);
    expect(green).toBeGreaterThan(blue!);
    expect(pixel(marked, 240, 200)).toEqual([120, 120, 120]);
    const [r, g, b] = pixel(await annotate(grey(600, 400), [{ box, tone: 'no' }]), 200, 200);
    expect(r).toBeGreaterThan(g! + 30);
    expect(r).toBeGreaterThan(b! + 60);
  });

  it('draws landmarks where they are', async () => {
    const marked = await annotate(grey(600, 400), [{ box, landmarks: [{ x: 240, y: 200 }] }]);
    expect(pixel(marked, 240, 200)).not.toEqual([120, 120, 120]);
    expect(pixel(marked, 250, 210)).toEqual([120, 120, 120]);
  });

  it('writes names: two names give two pictures, and a long one stays inside', async () => {
    const [ada, bob, long] = await Promise.all(
      ['Ada', 'Bob', 'x'.repeat(500)].map((name) => annotate(grey(600, 400), [{ box, name, detail: '0.41' }])),
    );
    expect(Buffer.from(ada!.data).equals(Buffer.from(bob!.data))).toBe(false);
    const { left, right } = changed(long!);
    expect(right - left).toBeGreaterThan(400);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThan(600);
  });

  it('takes any name: markup, control characters, half an emoji, scripts from right to left', async () => {
    for (const name of ['</text></svg><script>', 'a\u0000\u0001b', '\ud83d', 'עדה', '  ', '👩‍🚀']) {
      const marked = await annotate(grey(300, 200), [{ box: { x: 50, y: 50, width: 50, height: 60 }, name }]);
      expect(marked).toMatchObject({ width: 300, height: 200 });
    }
  });

  it.each([1, 2, 7, 24, 60])('takes pictures of %i pixels', async (size) => {
    const marked = await annotate(grey(size, size), [
      { box: { x: 0, y: 0, width: size, height: size }, name: 'Ada Lovelace', detail: '0.412' },
    ]);
    expect(marked.data).toHaveLength(size * size * 4);
  });

  it('takes boxes outside the picture', async () => {
    const far = { x: -500, y: 900, width: 40, height: 40 };
    const { left, top, right, bottom } = changed(await annotate(grey(300, 200), [{ box: far, name: 'Ada' }]));
    expect(right).toBeGreaterThan(left);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThan(300);
    expect(bottom).toBeLessThan(200);
  });
});

describe('montage', () => {
  it('shows the pictures side by side over a caption', async () => {
    const both = await montage([grey(100, 80), grey(300, 200)], 'same person: distance 0.412', 'yes');
    expect(both.width).toBeGreaterThanOrEqual(400);
    expect(both.height).toBeGreaterThan(200);
    const grey120 = Array.from(both.data).filter((value, i) => i % 4 === 0 && value === 120).length;
    expect(grey120).toBeGreaterThanOrEqual(100 * 80 + 300 * 200);
  });

  it('reduces large pictures', async () => {
    const one = await montage([grey(3000, 600)], 'x');
    expect(one.width).toBeLessThan(1300);
  });
});
