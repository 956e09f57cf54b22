import { describe, expect, it } from 'vitest';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

/** Floats between columns and, on top, between rows of either side, and between rows of the result. */
const [COLUMN_GAP, ROW_GAP, OUT_GAP] = [3, 5, 2];

/** out[i][j] = Σ_r,q a[r][q][i] · b[r][q][j]: found, and as explicit float64 loops give it, on top of what was there. */
function multiply(m: number, n: number, rows: number, columns: number, resume: boolean) {
  const sandbox = new Sandbox();
  const [aStep, bStep, outRow] = [m + COLUMN_GAP, n + COLUMN_GAP, n + OUT_GAP];
  const [aRow, bRow] = [columns * aStep + ROW_GAP, columns * bStep + ROW_GAP];
  const ends = (row: number, step: number, size: number): number =>
    rows * columns === 0 ? 0 : (rows - 1) * row + (columns - 1) * step + size;
  const a = randomArray(ends(aRow, aStep, m), m);
  const b = randomArray(ends(bRow, bStep, n), n + 100);
  const length = (m - 1) * outRow + n;
  const before = randomArray(length, 7);
  const out = sandbox.output(length);
  if (resume) sandbox.engine.memory.f32(out, length).set(before);
  const [left, right] = [sandbox.input(a), sandbox.input(b)];
  const strides = [outRow, aRow, aStep, bRow, bStep].map((floats) => floats * 4);
  sandbox.kernels.f32_gemm_at(
    out,
    left,
    right,
    m,
    n,
    rows,
    columns,
    ...(strides as [number, number, number, number, number]),
    resume,
  );
  sandbox.check();
  const all = sandbox.read(out, length);
  const cells = combinations([...Array(m).keys()], [...Array(n).keys()]);
  const expected = cells.map(([i, j]) => {
    let sum = resume ? before[i * outRow + j]! : 0;
    for (let r = 0; r < rows; r++)
      for (let q = 0; q < columns; q++) sum += a[r * aRow + q * aStep + i]! * b[r * bRow + q * bStep + j]!;
    return sum;
  });
  const untouched = resume ? before : new Float32Array(length).fill(Number.NaN);
  const between = (_: number, at: number): boolean => at % outRow >= n;
  return {
    values: cells.map(([i, j]) => all[i * outRow + j]!),
    expected,
    between: all.filter(between),
    untouched: untouched.filter(between),
  };
}

describe('f32_gemm_at', () => {
  it.each(combinations([1, 3, 4, 5, 9], [1, 7, 8, 9, 17], [false, true]))('%i × %i, resumed: %s', (m, n, resume) => {
    for (const [rows, columns] of combinations([1, 2, 5], [1, 3, 17])) {
      const { values, expected, between, untouched } = multiply(m, n, rows, columns, resume);
      expect(relativeError(values, expected), `over ${rows} × ${columns}`).toBeLessThan(tolerance.sum);
      expect(between, 'nothing is written between the rows').toEqual(untouched);
    }
  });

  it.each([
    [0, 3],
    [3, 0],
  ])('sums over %i × %i to 0, and leaves what it continues', (rows, columns) => {
    expect(multiply(5, 9, rows, columns, false).values).toEqual(new Array(45).fill(0));
    const { values, expected } = multiply(5, 9, rows, columns, true);
    expect(values).toEqual(expected);
  });
});
