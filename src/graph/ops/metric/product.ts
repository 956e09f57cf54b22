/**
 * Pairs whose squared distance is below this share of ‖a‖² + ‖b‖² are measured by differences: the product of matrices
 * would leave them less than 20 of 24 bits.
 */
export const NEAR = 1 / 16;

/** Bytes of scratch that f32_pairwise_product asks for: a tile, panels of b, both norms. */
export function productScratch(m: number, n: number, d: number): number {
  const padded = Math.ceil(n / 8) * 8;
  return (32 + padded * (d + 1) + Math.ceil(m / 4) * 4) * 4;
}
