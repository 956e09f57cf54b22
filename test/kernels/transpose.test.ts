import { describe, expect, it } from 'vitest';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_transpose', () => {
  it.each(combinations([0, ...lengths], [0, ...lengths]))('%i × %i, dense or with a gap between rows', (m, n) => {
    for (const gap of [0, 3]) {
      const sandbox = new Sandbox();
      const row = n + gap;
      const x = randomArray(m === 0 ? 0 : (m - 1) * row + n, m * 20 + n);
      const out = sandbox.output(m * n);
      sandbox.kernels.f32_transpose(out, sandbox.input(x), m, n, row * 4);
      sandbox.check();
      const expected = Float32Array.from({ length: m * n }, (_, at) => x[(at % m) * row + Math.floor(at / m)]!);
      expect(sandbox.read(out, m * n)).toEqual(expected);
    }
  });
});

describe('f32_filters_flip', () => {
  it.each(combinations([1, 2, 9], [1, 4, 5], [1, 3, 8]))('%i taps of %i × %i', (taps, c, n) => {
    const sandbox = new Sandbox();
    const filters = randomArray(taps * c * n, taps + c + n);
    const out = sandbox.output(taps * c * n);
    sandbox.kernels.f32_filters_flip(out, sandbox.input(filters), taps, c, n);
    sandbox.check();
    const expected = new Float32Array(taps * c * n);
    for (const [tap, i, j] of combinations([...Array(taps).keys()], [...Array(c).keys()], [...Array(n).keys()]))
      expected[((taps - 1 - tap) * n + j) * c + i] = filters[(tap * c + i) * n + j]!;
    expect(sandbox.read(out, taps * c * n)).toEqual(expected);
  });
});
