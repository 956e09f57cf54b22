import { multiply_add } from '../simd/madd';

/**
 * out[c] = Σ_k a[k] · panels[c / 8][k][c % 8] for sixteen columns, panels `panel_bytes` apart: the bits of tile_4x8, for the row
 * that is over where their number is odd.
 */
// @ts-ignore: decorator
@inline
export function tile_1x16(out: usize, a: usize, panel: usize, panel_bytes: usize, k: i32): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  let next = panel + panel_bytes;
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    c0 = multiply_add(c0, x, v128.load(panel));
    c1 = multiply_add(c1, x, v128.load(panel, 16));
    c2 = multiply_add(c2, x, v128.load(next));
    c3 = multiply_add(c3, x, v128.load(next, 16));
    a += 4;
    panel += 32;
    next += 32;
  }
  v128.store(out, c0); v128.store(out, c1, 16);
  v128.store(out, c2, 32); v128.store(out, c3, 48);
}
