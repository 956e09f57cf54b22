import type { TotalVariationAttributes } from '../../src/graph/ops/total-variation.ts';
import type { Tensor } from '../support/run-op.ts';

/**
 * Calls `visit` for every element with the flat indices of its next neighbours along the spatial axes; −1 where there is
 * none.
 */
function eachPlace({ shape, values }: Tensor, visit: (at: number, next: number[]) => void): void {
  const axes = shape.slice(1, -1).map((size, i) => ({ size, stride: shape.slice(i + 2).reduce((p, s) => p * s, 1) }));
  for (let at = 0; at < values.length; at++)
    visit(
      at,
      axes.map(({ size, stride }) => (Math.floor(at / stride) % size === size - 1 ? -1 : at + stride)),
    );
}

/** The sum, and its gradient in x, in float64. */
export function totalVariationOracle(x: Tensor, { form = 'squared', exponent = 2 }: TotalVariationAttributes) {
  const gradient = new Float64Array(x.values.length);
  let value = 0;
  const add = (at: number, amount: number): void => {
    gradient[at] = gradient[at]! + amount;
  };
  eachPlace(x, (at, next) => {
    if (form === 'johnson' && next.includes(-1)) return;
    const neighbours = next.filter((to) => to >= 0);
    const squares = neighbours.reduce((sum, to) => sum + (x.values[to]! - x.values[at]!) ** 2, 0);
    const power = form === 'exponent' ? exponent : 2;
    if (form !== 'absolute') value += (form === 'johnson' ? 0.5 : 1) * squares ** (power / 2);
    for (const to of neighbours) {
      const d = x.values[to]! - x.values[at]!;
      if (form === 'absolute') value += Math.abs(d);
      const slope = {
        squared: 2 * d,
        absolute: Math.sign(d),
        exponent: squares === 0 ? 0 : exponent * squares ** (exponent / 2 - 1) * d,
        johnson: d,
      }[form];
      add(to, slope);
      add(at, -slope);
    }
  });
  return { value, gradient };
}
