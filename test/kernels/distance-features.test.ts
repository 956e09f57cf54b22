import { describe, expect, it } from 'vitest';
import { metrics } from '../oracle/distance.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

describe.each([
  ['absolute difference', 0, metrics.manhattan],
  ['χ²', 1, metrics.chiSquare],
] as const)('f32_pair_features and its backward, %s', (_, kind, { distance, gradient }) => {
  it('stay within what they are given for any sizes, and agree with the definition', () => {
    for (const [n, d, gap] of combinations([0, 1, 3, 4], [1, 3, 4, 5, 8, 9, 17], [0, 3])) {
      const sandbox = new Sandbox();
      const row = d + gap;
      const spread = (values: Float32Array) =>
        Float32Array.from({ length: n * row }, (_, i) =>
          i % row < d ? values[Math.floor(i / row) * d + (i % row)]! : Number.NaN,
        );
      const [a, b] = [1, 2].map((seed) => randomArray(n * d, seed).map(Math.abs)) as [Float32Array, Float32Array];
      const g = randomArray(n * d, 3);
      const [at, bt, gt] = [sandbox.input(spread(a)), sandbox.input(spread(b)), sandbox.input(g)];
      const [out, toA, toB] = [sandbox.output(n * d), sandbox.output(n * row), sandbox.output(n * row)];
      sandbox.kernels.f32_pair_features(out, at, bt, n, d, row * 4, kind);
      sandbox.kernels.f32_pair_features_backward(toA, toB, gt, at, bt, n, d, row * 4, kind);
      sandbox.check();
      const dense = (address: number) => {
        const all = sandbox.read(address, n * row);
        expect([...all].filter((value, i) => i % row >= d && !Number.isNaN(value))).toEqual([]);
        return all.filter((_, i) => i % row < d);
      };
      const each = (of: (x: number[], y: number[]) => number, x: Float32Array, y: Float32Array) =>
        Float64Array.from(x, (value, i) => of([value], [y[i]!]));
      const weighed = (slopes: Float64Array) => slopes.map((slope, i) => slope * g[i]!);
      const slope = (x: number[], y: number[]) => gradient(x, y)[0]!;
      expect(relativeError(sandbox.read(out, n * d), each(distance, a, b))).toBeLessThan(tolerance.elementwise);
      expect(relativeError(dense(toA), weighed(each(slope, a, b)))).toBeLessThan(tolerance.elementwise);
      expect(relativeError(dense(toB), weighed(each(slope, b, a)))).toBeLessThan(tolerance.elementwise);

      const alone = sandbox.output(n * row);
      sandbox.kernels.f32_pair_features_backward(0, alone, gt, at, bt, n, d, row * 4, kind);
      sandbox.check();
      expect([...dense(alone)]).toEqual([...dense(toB)]);
    }
  });
});
