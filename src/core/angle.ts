/** Terms of the series on 0 … π/4: (π/4)¹⁷/17! is below half a unit in the last place. */
const TERMS = 8;
const RADIANS = 0.017453292519943295;

/** x − x³/3! + … (odd = 1), or 1 − x²/2! + … (odd = 0). */
function series(x: number, odd: 0 | 1): number {
  const square = x * x;
  let sum = 1;
  for (let n = TERMS; n > 0; n--) sum = 1 - (sum * square) / (2 * n * (2 * n - 1 + 2 * odd));
  return odd ? x * sum : sum;
}

/**
 * Cosine and sine of an angle in degrees, with the same bits on every engine, which `Math.cos` does not promise; exact at
 * multiples of 90°. The angle is brought within ±45° of one before it becomes radians.
 */
export function direction(degrees: number): { readonly cos: number; readonly sin: number } {
  const quarter = Math.round(degrees / 90);
  const rest = (degrees - quarter * 90) * RADIANS;
  const [cos, sin] = [series(rest, 0), series(rest, 1)];
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return { cos, sin };
    case 1:
      return { cos: -sin, sin: cos };
    case 2:
      return { cos: -cos, sin: -sin };
    default:
      return { cos: sin, sin: -cos };
  }
}
