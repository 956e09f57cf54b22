import type { DropoutAttributes } from '../../src/graph/ops/dropout.ts';
import type { OpOracle } from '../support/op-oracle.ts';

/** 32-bit mix of hash-prospector's least bias (see assembly/elementwise/dropout.ts). */
function mix(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0xd35a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** The factor of element i: 0, or 1 / (1 − rate). */
function factors(length: number, key: ArrayLike<number>, { rate, stream = 0 }: DropoutAttributes): Float64Array {
  const mixed = mix(mix(mix(key[0]!) ^ key[1]!) ^ stream);
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
