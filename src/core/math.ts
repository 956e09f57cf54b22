/** ln 2 as a sum of two: the first has zeros at its end, so that k·LN2_HIGH is exact (fdlibm, e_exp.c). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Terms of the series: |r| ≤ ln 2 / 2 and 0.3466¹⁴/14! is below half a unit in the last place. */
const TERMS = 13;

const scratch = new DataView(new ArrayBuffer(8));

/** 2^k for −1022 ≤ k ≤ 1023, exactly. */
function powerOfTwo(k: number): number {
  scratch.setInt32(0, (k + 1023) << 20);
  scratch.setInt32(4, 0);
  return scratch.getFloat64(0);
}

/**
 * eˣ in float64 with the same bits on every engine, which `Math.exp` does not promise: x = k·ln 2 + r, then
 * 2^k·(1 + r/1·(1 + r/2·(1 + …))), where every operation is one that IEEE 754 rounds exactly. Within 2 units in the last place.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x * Math.LOG2E);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = TERMS; n > 0; n--) sum = 1 + (sum * r) / n;
  const half = Math.trunc(k / 2);
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** Logistic function 1 / (1 + e⁻ˣ), the same bits on every engine. */
export const sigmoid = (x: number): number => 1 / (1 + exp(-x));
