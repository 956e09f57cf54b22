import { f32_gemm_at } from '../gemm/gemm-at';
import { copy_patch, POINT_GAP, transform_input } from './winograd';
import { filter_gradient_3, gradient_6 } from './winograd4';

// The gradient of Winograd's F(4 × 4, 3 × 3) in its filters. The forward pass is Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, so
//   ∂/∂g = Gᵀ[ Σ_tiles (Bᵀ d B) ⊙ (A ∂/∂Y Aᵀ) ]G,
// four times fewer products than the direct sum. Scratch:
//   V  36 · (block · c + 16)  ·  D  36 · (block · n + 16)  ·  U  36 · c · n  ·  patch  36 · max(c, n)  ·  one square of 36 vectors

/**
 * out[ky][kx][c][n] = Σ in[b][y + ky − top][x + kx − left][c] · gradient[b][y][x][n], cells outside the input 0. `block`
 * tiles at a time. c and n are multiples of 4.
 */
export function f32_winograd_filter_gradient(
  out: usize, input: usize, gradient: usize, scratch: usize,
  batch: i32, h: i32, w: i32, c: i32, n: i32, top: i32, left: i32, out_h: i32, out_w: i32, block: i32,
): void {
  assert(c % 4 == 0 && n % 4 == 0 && block > 0 && scratch % 16 == 0);
  const tiles_x = (out_w + 3) / 4, tiles_y = (out_h + 3) / 4;
  const tiles = batch * tiles_y * tiles_x;
  const pixel = <usize>c << 2, row = <usize>w * pixel, image = <usize>h * row;
  const out_pixel = <usize>n << 2, out_row = <usize>out_w * out_pixel, out_image = <usize>out_h * out_row;
  const v = scratch;
  const d = v + 36 * (<usize>block * pixel + POINT_GAP);
  const u = d + 36 * (<usize>block * out_pixel + POINT_GAP);
  const u_point = <usize>c * out_pixel;
  const patch = u + 36 * u_point;
  const square = patch + 36 * max(pixel, out_pixel);

  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    const v_point = <usize>count * pixel + POINT_GAP, d_point = <usize>count * out_pixel + POINT_GAP;
    for (let t = 0; t < count; t++) {
      const id = first + t, b = id / (tiles_y * tiles_x), rest = id - b * (tiles_y * tiles_x);
      const y = rest / tiles_x * 4, x = rest % tiles_x * 4;
      let from = input + <usize>b * image, from_row = row;
      if (y >= top && x >= left && y - top + 6 <= h && x - left + 6 <= w) {
        from += <usize>(y - top) * row + <usize>(x - left) * pixel;
      } else {
        copy_patch(patch, from, y - top, x - left, 6, h, w, pixel);
        from = patch;
        from_row = 6 * pixel;
      }
      transform_input(v + <usize>t * pixel, v_point, from, from_row, pixel, square, 4);
      from = gradient + <usize>b * out_image;
      from_row = out_row;
      if (y + 4 <= out_h && x + 4 <= out_w) {
        from += <usize>y * out_row + <usize>x * out_pixel;
      } else {
        copy_patch(patch, from, y, x, 4, out_h, out_w, out_pixel);
        from = patch;
        from_row = 4 * out_pixel;
      }
      transform_gradient(d + <usize>t * out_pixel, d_point, from, from_row, out_pixel, square);
    }
    for (let point: usize = 0; point < 36; point++)
      f32_gemm_at(u + point * u_point, v + point * v_point, d + point * d_point, c, n, 1, count, out_pixel, 0, pixel, 0, out_pixel, first > 0);
  }
  for (let i: usize = 0; i < u_point; i += 16) {
    for (let y: usize = 0; y < 6; y++) filter_gradient_3(square + y * 48, 16, u + i + 6 * y * u_point, u_point);
    for (let x: usize = 0; x < 3; x++) filter_gradient_3(out + i + x * u_point, 3 * u_point, square + (x << 4), 48);
  }
}

function transform_gradient(d: usize, d_point: usize, from: usize, row: usize, pixel: usize, square: usize): void {
  const end = from + pixel;
  for (; from < end; from += 16, d += 16) {
    for (let y: usize = 0; y < 4; y++) gradient_6(square + y * 96, 16, from + y * row, pixel);
    for (let x: usize = 0; x < 6; x++) gradient_6(d + x * d_point, 6 * d_point, square + (x << 4), 96);
  }
}
