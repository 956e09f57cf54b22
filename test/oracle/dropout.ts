import type { DropoutAttributes } from '../../src/graph/ops/dropout.ts';
import type { OpOracle } from '../support/op-oracle.ts';
import { keyOf, mix } from './random-key.ts';

/** The factor of element i: 0, or 1 / (1 − rate). */
function factors(length: number, key: ArrayLike<number>, { rate, stream = 0 }: DropoutAttributes): Float64Array {
  const mixed = keyOf(key, stream);
  return Float64Array.from({ length }, (_, i) => (mix(mix(i) ^ mixed) / 2 ** 32 < rate ? 0 : 1 / (1 - rate)));
}

export const dropoutOracle: OpOracle<DropoutAttributes> = {
  forward({ x0, x1 }, attributes) {
    const by = factors(x0!.values.length, x1!.values, attributes);
    return by.map((factor, i) => factor * x0!.values[i]!);
  },
  gradients({ x0, x1 }, attributes, gradient) {
    const by = factors(x0!.values.length, x1!.values, attributes);
    return { x0: by.map((factor, i) => factor * gradient[i]!) };
  },
};
