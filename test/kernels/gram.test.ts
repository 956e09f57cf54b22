import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gramOracle } from '../oracle/style.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

/** Rows of x lie `gap` floats further apart than they are long; what lies between is NaN. */
function gramOf(rows: number, c: number, gap = 0, scale = 1, seed = 1) {
  const sandbox = new Sandbox();
  const values = randomArray(rows * c, seed);
  const spread = new Float32Array(Math.max(0, rows * (c + gap) - gap)).fill(Number.NaN);
  for (let r = 0; r < rows; r++) spread.set(values.subarray(r * c, (r + 1) * c), r * (c + gap));
  const width = Math.ceil(c / 8) * 8;
  const out = sandbox.output(c * c);
  const scratch = sandbox.output(256 * width + (c % 8 === 0 ? 0 : width * width));
  sandbox.kernels.f32_gram(out, sandbox.input(spread), scratch, rows, c, (c + gap) * 4, scale);
  sandbox.check();
  const expected = gramOracle({ shape: [1, rows, c], values }).map((sum) => sum * scale);
  return { values: sandbox.read(out, c * c), expected };
}

describe('f32_gram', () => {
  // Both ways, walked where it lies and packed, with whole and broken blocks of 256 rows.
  it.each(combinations([1, 2, 5, 65, 256, 257], [1, 3, 4, 5, 8, 9, 16, 17, 24, 104, 107]))(
    '%i rows of %i',
    (rows, c) => {
      const { values, expected } = gramOf(rows, c, 3, 0.5);
      expect(relativeError(values, expected)).toBeLessThan(tolerance.sum);
    },
  );

  it('of no rows is 0', () => {
    for (const c of [3, 8, 104]) expect([...gramOf(0, c).values]).toEqual(new Array(c * c).fill(0));
  });

  it('is symmetric to the bit, and positive semidefinite', () => {
    const sizes = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), (rows, c, seed) => {
        const { values } = gramOf(rows, c, 0, 1, seed);
        const direction = randomArray(c, seed + 1);
        let form = 0;
        for (let i = 0; i < c; i++)
          for (let j = 0; j < c; j++) {
            expect(values[i * c + j]).toBe(values[j * c + i]);
            form += direction[i]! * values[i * c + j]! * direction[j]!;
          }
        expect(form).toBeGreaterThan(-1e-4);
      }),
      { numRuns: 100 },
    );
  });

  it.each([8, 104])(
    'is summed in blocks: 65536 equal rows of %i stay within 1e-6, in order they would be 5e-5 off',
    (c) => {
      const rows = 65536;
      const sandbox = new Sandbox();
      const [out, x, scratch] = [c * c, rows * c, 256 * c].map((length) => sandbox.output(length)) as [
        number,
        number,
        number,
      ];
      sandbox.engine.memory.f32(x, rows * c).fill(0.1);
      sandbox.kernels.f32_gram(out, x, scratch, rows, c, c * 4, 1);
      const exact = rows * Math.fround(0.1) ** 2;
      for (const sum of sandbox.read(out, c * c)) expect(Math.abs(sum - exact) / exact).toBeLessThan(1e-6);
      let inOrder = 0;
      for (let i = 0; i < rows; i++) inOrder = Math.fround(inOrder + Math.fround(Math.fround(0.1) ** 2));
      expect(Math.abs(inOrder - exact) / exact).toBeGreaterThan(5e-5);
    },
  );

  it('keeps NaN in the row and the column of its channel', () => {
    const sandbox = new Sandbox();
    const x = randomArray(5 * 9, 1);
    x[2 * 9 + 4] = Number.NaN;
    const out = sandbox.output(81);
    sandbox.kernels.f32_gram(out, sandbox.input(x), sandbox.output(256 * 16 + 256), 5, 9, 36, 1);
    sandbox.check();
    const seen = [...sandbox.read(out, 81)].map(Number.isNaN);
    expect(seen).toEqual(Array.from({ length: 81 }, (_, i) => Math.floor(i / 9) === 4 || i % 9 === 4));
  });
});

describe('f32_symmetrize', () => {
  it.each([0, 1, 3, 4, 5, 9])('of %i × %i', (c) => {
    const sandbox = new Sandbox();
    const x = randomArray(c * c, 1);
    const out = sandbox.output(c * c);
    sandbox.kernels.f32_symmetrize(out, sandbox.input(x), c, 0.3);
    sandbox.check();
    const expected = x.map((value, i) => 0.3 * (value + x[(i % c) * c + Math.floor(i / c)]!));
    expect(relativeError(sandbox.read(out, c * c), expected)).toBeLessThan(tolerance.elementwise);
  });
});
