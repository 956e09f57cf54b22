/** 32-bit mix of hash-prospector's least bias (see assembly/random/mix.ts). */
export function mix(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0xd35a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** Seed, step and stream as one number. */
export const keyOf = (key: ArrayLike<number>, stream: number): number => mix(mix(mix(key[0]!) ^ key[1]!) ^ stream);
