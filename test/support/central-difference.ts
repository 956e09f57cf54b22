/**
 * Gradient of a float64 function at x by (f(x + h) − f(x − h)) / 2h, with h = step · max(1, |xᵢ|): about 1e-9 of the largest
 * value from the true one for smooth functions of numbers near 1. What the gradients of oracles answer to.
 */
export function centralDifference(f: (x: Float64Array) => number, x: ArrayLike<number>, step = 1e-5): Float64Array {
  const at = Float64Array.from(x);
  return at.map((value, i) => {
    const h = step * Math.max(1, Math.abs(value));
    at[i] = value + h;
    const above = f(at);
    at[i] = value - h;
    const below = f(at);
    at[i] = value;
    return (above - below) / (2 * h);
  });
}
