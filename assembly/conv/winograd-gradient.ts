import { f32_gemm_at } from '../gemm/gemm-at';
import { copy_patch, f32_winograd_input, POINT_GAP } from './winograd';
import { filter_gradient_3, gradient_6 } from './winograd4';

// The gradient of Winograd's F(4 × 4, 3 × 3) in its filters. The forward pass is Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, so
//   ∂/∂g = Gᵀ[ Σ_tiles (Bᵀ d B) ⊙ (A ∂/∂Y Aᵀ) ]G = Gᵀ U G,
// four times fewer products than the direct sum. Threads sum U over tiles of their own where few partial sums are small
// enough to hold; elsewhere they share the tiles of a block in its transforms and its points in the products
// (winograd3d-gradient.ts, which takes images too), so that no sum has parts in two threads.

/**
 * U[point][c][n] = Σ_t (Bᵀ d B)[point][t][c] · (A ∂/∂Y Aᵀ)[point][t][n] over the `count` tiles from `first` on, `block` at a
 * time. Scratch: V 36 · (block · c + 16)  ·  D 36 · (block · n + 16)  ·  a patch of 36 · max(c, n)  ·  a square of 36 vectors
 */
export function f32_winograd_gradient(
  u: usize, input: usize, gradient: usize, scratch: usize,
  first: i32, count: i32, h: i32, w: i32, c: i32, n: i32, top: i32, left: i32, out_h: i32, out_w: i32, block: i32,
): void {
  assert(n % 4 == 0 && first >= 0 && count > 0 && block > 0 && scratch % 16 == 0);
  const pixel = <usize>c << 2, out_pixel = <usize>n << 2;
  const d = scratch + 36 * (<usize>block * pixel + POINT_GAP);
  const patch = d + 36 * (<usize>block * out_pixel + POINT_GAP);
  for (let tile = first, end = first + count; tile < end; tile += block) {
    const tiles = min(block, end - tile);
    const v_point = <usize>tiles * pixel + POINT_GAP, d_point = <usize>tiles * out_pixel + POINT_GAP;
    f32_winograd_input(scratch, input, patch, tile, tiles, h, w, c, top, left, out_h, out_w, v_point, 4);
    gradient_tiles(d, out_pixel, gradient, patch, tile, tiles, n, out_h, out_w, d_point);
    for (let point: usize = 0; point < 36; point++) {
      const to = u + point * (<usize>c * out_pixel + POINT_GAP);
      f32_gemm_at(to, scratch + point * v_point, d + point * d_point, c, n, 1, tiles, out_pixel, 0, pixel, 0, out_pixel, tile > first);
    }
  }
}

/** D of the `count` tiles from `first` on, tiles `d_tile` bytes apart. */
export function gradient_tiles(
  d: usize, d_tile: usize, gradient: usize, scratch: usize, first: i32, count: i32, n: i32, out_h: i32, out_w: i32, d_point: usize,
): void {
  const tiles_x = (out_w + 3) / 4, tiles_y = (out_h + 3) / 4;
  const pixel = <usize>n << 2, row = <usize>out_w * pixel, image = <usize>out_h * row;
  const square = scratch + 36 * pixel;
  for (const end = first + count; first < end; first++) {
    const b = first / (tiles_y * tiles_x), rest = first - b * (tiles_y * tiles_x);
    const y = rest / tiles_x * 4, x = rest % tiles_x * 4;
    let from = gradient + <usize>b * image, from_row = row;
    if (y + 4 <= out_h && x + 4 <= out_w) {
      from += <usize>y * row + <usize>x * pixel;
    } else {
      copy_patch(scratch, from, y, x, 4, out_h, out_w, pixel);
      from = scratch;
      from_row = 4 * pixel;
    }
    transform_gradient(d, d_point, from, from_row, pixel, square);
    d += d_tile;
  }
}

/**
 * out[tap][i] = (Gᵀ U G)[tap][i], i < count, a multiple of 4: gradients of filters from those of transformed ones, U the sum of
 * `parts` that lie `part` bytes apart. Taps are `tap` bytes apart, points `point`; `square` is 36 vectors of scratch.
 */
export function f32_winograd_gradient_finish(
  out: usize, u: usize, square: usize, count: i32, tap: usize, point: usize, parts: i32, part: usize,
): void {
  assert(count % 4 == 0 && parts > 0 && square % 16 == 0);
  for (const end = u + (<usize>count << 2); u < end; u += 16, out += 16) {
    for (let p = 1; p < parts; p++) {
      const other = u + <usize>p * part;
      for (let i: usize = 0; i < 36 * point; i += point) v128.store(u + i, f32x4.add(v128.load(u + i), v128.load(other + i)));
    }
    for (let y: usize = 0; y < 6; y++) filter_gradient_3(square + y * 48, 16, u + 6 * y * point, point);
    for (let x: usize = 0; x < 3; x++) filter_gradient_3(out + x * tap, 3 * tap, square + (x << 4), 48);
  }
}

function transform_gradient(d: usize, d_point: usize, from: usize, row: usize, pixel: usize, square: usize): void {
  const end = from + pixel;
  for (; from < end; from += 16, d += 16) {
    for (let y: usize = 0; y < 4; y++) gradient_6(square + y * 96, 16, from + y * row, pixel);
    for (let x: usize = 0; x < 6; x++) gradient_6(d + x * d_point, 6 * d_point, square + (x << 4), 96);
  }
}
