import { f32_gemm_at } from '../gemm/gemm-at';
import { POINT_GAP } from './winograd';
import { input_slices } from './winograd3d';
import { gradient_tiles } from './winograd-gradient';

// The gradient of f32_winograd_conv3d in its filters (see winograd-gradient.ts), with F(4 × 4, 3 × 3) in the plane:
//   U[point][kz][c][n] = Σ_tiles,z V[point][tile][z + kz][c] · D[point][tile][z][n],
// one product over (kz, c), as what the kd slices of an output hold is one run of V.

/**
 * V[point][t][slices + kd − 1][c] and D[point][t][slices][n] of the `count` tiles from `first` on, points `v_point` and
 * `d_point` bytes apart; slice 0 of the gradient reads slices −front … kd − 1 − front of the input. `scratch`: a patch of
 * 36 · max(c, n) floats and a square of 36 vectors.
 */
export function f32_winograd3d_gradient_tiles(
  v: usize, d: usize, input: usize, gradient: usize, scratch: usize,
  first: i32, count: i32, slices: i32, in_d: i32, h: i32, w: i32, c: i32, n: i32, kd: i32,
  front: i32, top: i32, left: i32, out_h: i32, out_w: i32, v_point: usize, d_point: usize,
): void {
  assert(n % 4 == 0 && count >= 0 && slices > 0 && kd > 0 && in_d > 0 && scratch % 16 == 0);
  const pixel = <usize>n << 2;
  const v_tile = (<usize>((slices + kd - 1) * c)) << 2, d_tile = <usize>slices * pixel;
  input_slices(v, v_tile, v_point, input, scratch, first, count, slices + kd - 1, in_d, h, w, c, front, top, left, out_h, out_w, 4);
  for (let z = 0; z < slices; z++) {
    gradient_tiles(d, d_tile, gradient, scratch, first, count, n, out_h, out_w, d_point);
    d += pixel;
    gradient += <usize>(out_h * out_w) * pixel;
  }
}

/** U of `points` points, continued where `resume`; POINT_GAP behind each point of all three. */
export function f32_winograd3d_gradient_multiply(
  u: usize, v: usize, d: usize, points: i32, tiles: i32, slices: i32, kd: i32, c: i32, n: i32, resume: bool,
): void {
  assert(points >= 0 && tiles >= 0 && slices > 0);
  const pixel = <usize>c << 2, out_pixel = <usize>n << 2;
  const v_tile = <usize>(slices + kd - 1) * pixel, d_tile = <usize>slices * out_pixel;
  for (let point = 0; point < points; point++) {
    f32_gemm_at(u, v, d, kd * c, n, tiles, slices, out_pixel, v_tile, pixel, d_tile, out_pixel, resume);
    u += <usize>(kd * c) * out_pixel + POINT_GAP;
    v += <usize>tiles * v_tile + POINT_GAP;
    d += <usize>tiles * d_tile + POINT_GAP;
  }
}
