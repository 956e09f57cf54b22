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

/** Terms of the series of `log`: s² ≤ 0.0295 and 0.0295¹¹/23 is below half a unit in the last place. */
const LOG_TERMS = 11;

/**
 * The natural logarithm in float64 with the same bits on every engine, which `Math.log` does not promise: x = 2^k·m with m
 * in √½ … √2, then k·ln 2 + 2·(s + s³/3 + s⁵/5 + …) with s = (m − 1)/(m + 1). Within 2 units in the last place.
 */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  // Numbers below the normal range have no exponent to read: 2^54 lifts them into it.
  const lifted = x < 2.2250738585072014e-308 ? x * 18014398509481984 : x;
  scratch.setFloat64(0, lifted);
  const high = scratch.getInt32(0);
  scratch.setInt32(0, (high & 0x000fffff) | 0x3ff00000);
  let mantissa = scratch.getFloat64(0);
  let exponent = (high >> 20) - 1023 - (lifted === x ? 0 : 54);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let n = LOG_TERMS; n > 0; n--) sum = square * (1 / (2 * n + 1) + sum);
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * (s + s * sum));
}

/** Logistic function 1 / (1 + e⁻ˣ), the same bits on every engine. */
export const sigmoid = (x: number): number => 1 / (1 + exp(-x));
