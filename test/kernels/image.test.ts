import { describe, expect, it } from 'vitest';
import * as oracle from '../oracle/image.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { noisePicture } from '../support/picture.ts';
import { Sandbox } from '../support/sandbox.ts';

const mean = [122.782, 117.001, 104.298] as const;
const divisor = 255;
const sizes = [1, 3, 4, 5, 8, 9, 17, 31];

describe('f32_image_square', () => {
  const crops = [
    { x: 0, y: 0, width: 1, height: 1 },
    { x: 2, y: 1, width: 3, height: 8 },
    { x: 0, y: 5, width: 17, height: 4 },
    { x: 1, y: 0, width: 16, height: 9 },
    { x: 0, y: 0, width: 19, height: 13 },
    { x: 18, y: 0, width: 1, height: 13 },
    ...[3, 4, 5, 8, 9].map((side) => ({ x: 2, y: 1, width: side, height: side })),
  ];
  for (const region of crops)
    for (const place of ['centre', 'start'] as const)
      it(`crop ${region.width} × ${region.height} at (${region.x}, ${region.y}), ${place}, as the oracle`, () => {
        const image = noisePicture(19, 13, 7);
        for (const size of sizes) {
          const sandbox = new Sandbox();
          const pixels = sandbox.inputBytes(image.data);
          const out = sandbox.output(size * size * 3);
          const side = Math.max(region.width, region.height);
          const margin = (length: number) => (place === 'centre' ? Math.floor((side - length) / 2) : 0);
          sandbox.kernels.f32_image_square(
            out,
            pixels + (region.y * image.width + region.x) * 4,
            size,
            region.height,
            region.width,
            image.width * 4,
            side,
            margin(region.height),
            margin(region.width),
            ...mean,
            divisor,
          );
          sandbox.check();
          const expected = oracle.square(image, region, { size, place, mean, divisor });
          expect(relativeError(sandbox.read(out, size * size * 3), expected), `size ${size}`).toBeLessThan(
            tolerance.sampling,
          );
        }
      });
});

describe('f32_image_warp', () => {
  const cases = [
    { name: 'identity', a: 1, b: 0, tx: 0, ty: 0, k: 1 },
    { name: 'enlarged and turned', a: 0.31, b: -0.17, tx: 2.25, ty: 6.5, k: 1 },
    { name: 'shrunk by two, turned', a: 1.3, b: 1.7, tx: 4.1, ty: -7.3, k: 2 },
    { name: 'shrunk by five, hanging over every edge', a: -4.9, b: 1.2, tx: 21, ty: 9, k: 5 },
    { name: 'shifted by half a pixel outside', a: 1, b: 0, tx: -0.5, ty: -0.5, k: 1 },
    { name: 'all outside', a: 1, b: 0, tx: 400, ty: -400, k: 3 },
  ];
  for (const { name, a, b, tx, ty, k } of cases)
    it(`${name}, as the oracle`, () => {
      const image = noisePicture(19, 13, 3);
      for (const size of sizes) {
        const sandbox = new Sandbox();
        const pixels = sandbox.inputBytes(image.data);
        const out = sandbox.output(size * size * 3);
        sandbox.kernels.f32_image_warp(out, pixels, size, image.height, image.width, k, a, b, tx, ty, ...mean, divisor);
        sandbox.check();
        const expected = oracle.warp(image, { a, b, tx, ty }, k, { size, mean, divisor });
        expect(relativeError(sandbox.read(out, size * size * 3), expected), `size ${size}`).toBeLessThan(
          tolerance.sampling,
        );
      }
    });

  it('takes positions beyond 32 bits as outside instead of trapping', () => {
    const sandbox = new Sandbox();
    const out = sandbox.output(4 * 4 * 3);
    sandbox.kernels.f32_image_warp(
      out,
      sandbox.inputBytes(noisePicture(3, 3).data),
      4,
      3,
      3,
      1,
      1e12,
      1e12,
      1e15,
      -1e300,
      0,
      0,
      0,
      1,
    );
    expect(sandbox.read(out, 48)).toEqual(new Float32Array(48));
  });
});
