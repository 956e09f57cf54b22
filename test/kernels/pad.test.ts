import { describe, expect, it } from 'vitest';
import { padOracle } from '../oracle/elementwise.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

describe('f32_pad', () => {
  it.each([
    [
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 2, 0],
      [0, 3, 0, 1],
    ],
    [
      [1, 1, 7, 3],
      [0, 0, 0, 0],
      [0, 0, 1, 0],
    ],
    [
      [3, 1, 2, 17],
      [2, 2, 2, 2],
      [1, 1, 1, 1],
    ],
    [
      [1, 5, 1, 8],
      [0, 0, 0, 9],
      [0, 0, 0, 0],
    ],
  ])('%j, %j before, %j after', (shape, before, after) => {
    const sandbox = new Sandbox();
    const values = randomArray(elements(shape), 1);
    const expected = Float32Array.from(padOracle({ shape, values }, before, after));
    const out = sandbox.output(expected.length);
    const [d0, d1, d2, d3] = shape as [number, number, number, number];
    const [b0, b1, b2, b3] = before as [number, number, number, number];
    const [a0, a1, a2, a3] = after as [number, number, number, number];
    sandbox.kernels.f32_pad(out, sandbox.input(values), d0, d1, d2, d3, b0, a0, b1, a1, b2, a2, b3, a3);
    sandbox.check();
    expect(sandbox.read(out, expected.length)).toEqual(expected);
  });
});

describe('f32_pad_rows', () => {
  const bands = [
    [0, 5],
    [-2, 9],
    [3, 1],
    [4, 6],
    [-3, 2],
    [2, 0],
  ] as const;
  it.each(combinations(bands, [1, 3, 4, 5], [0, 2], [0, 1, 3]))(
    'rows from and count %j, %i channels, %i left, %i right',
    ([first, rows], c, left, right) => {
      const sandbox = new Sandbox();
      const [h, w] = [5, 7];
      const values = randomArray(h * w * c, c);
      const width = left + w + right;
      const out = sandbox.output(rows * width * c);
      sandbox.kernels.f32_pad_rows(out, sandbox.input(values), first, rows, h, w, c, left, right);
      sandbox.check();
      const expected = Float32Array.from({ length: rows * width * c }, (_, i) => {
        const [y, x] = [first + Math.floor(i / (width * c)), (Math.floor(i / c) % width) - left];
        return y < 0 || y >= h || x < 0 || x >= w ? 0 : values[(y * w + x) * c + (i % c)]!;
      });
      expect(sandbox.read(out, expected.length)).toEqual(expected);
    },
  );
});
