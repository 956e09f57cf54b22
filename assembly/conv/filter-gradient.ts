import { f32_gemm_at } from '../gemm/gemm-at';
import { end_output, first_output } from './window';

/**
 * A slab of a convolution's gradient in its filters, for one row of taps:
 * out[k][i][j] = Σ_b,z,y,x in[b][front + z·stride_z][top + y·stride_y][left + x·stride_x + k·dilation_x][i] · gradient[b][z][y][x][j]
 * for k < pieces, i < m, j < n, cells outside the input [batch][d][h][w][c] 0. `first` is the byte in a pixel at which i
 * starts. Pieces of out are `out_piece` bytes apart, its rows `out_row`. Where the taps of a row touch one piece holds them
 * all: i then runs over (kx, c), up to kw · c.
 *
 * The sum runs over the pixels in row order, `block` of them at a time: what they read of the input is copied to `scratch`,
 * pixels `packed` bytes apart, pieces · m floats or more, so that it has its zeros and stays in the cache for all i and j.
 */
export function f32_conv_filter_gradient(
  out: usize, input: usize, gradient: usize, scratch: usize,
  m: i32, n: i32, pieces: i32, out_piece: usize, out_row: usize,
  batch: i32, d: i32, h: i32, w: i32, c: i32, out_d: i32, out_h: i32, out_w: i32, gradient_pixel: usize,
  front: i32, top: i32, left: i32, first: i32, stride_z: i32, stride_y: i32, stride_x: i32, dilation_x: i32,
  block: i32, packed: usize,
): void {
  assert(m > 0 && n > 0 && pieces > 0 && block > 0 && packed >= <usize>(pieces * m) << 2);
  const pixel = c << 2, row = w * pixel, bytes = m << 2;
  const z0 = first_output(front, stride_z, out_d), z1 = end_output(front, stride_z, out_d, d);
  const y0 = first_output(top, stride_y, out_h), y1 = end_output(top, stride_y, out_h, h);
  for (let k = 0; k < pieces; k++) {
    for (let i = 0; i < m; i++) memory.fill(out + <usize>k * out_piece + <usize>i * out_row, 0, <usize>n << 2);
  }
  for (let b = 0; b < batch; b++) {
    for (let z = z0; z < z1; z++) {
      const slice = input + <usize>((b * d + front + z * stride_z) * h) * <usize>row;
      const by = gradient + <usize>(b * out_d + z) * <usize>(out_h * out_w) * gradient_pixel;
      for (let p = y0 * out_w, end = y1 * out_w; p < end; p += block) {
        const count = min(block, end - p);
        let y = p / out_w, x = p - y * out_w;
        for (let to = scratch, last = scratch + <usize>count * packed; to != last; to += packed) {
          const from = slice + <usize>(top + y * stride_y) * <usize>row;
          const start = (left + x * stride_x) * pixel + first;
          for (let k = 0; k < pieces; k++)
            copy_run(to + <usize>k * <usize>bytes, from, start + k * dilation_x * pixel, bytes, row);
          if (++x == out_w) { x = 0; y++; }
        }
        for (let k = 0; k < pieces; k++) {
          f32_gemm_at(
            out + <usize>k * out_piece, scratch + <usize>k * <usize>bytes, by + <usize>p * gradient_pixel, m, n, 1, count,
            out_row, 0, packed, 0, gradient_pixel, true,
          );
        }
      }
    }
  }
}

/** `bytes` of a row from byte `start` on, zeros outside its `size` bytes. */
// @ts-ignore: decorator
@inline
function copy_run(to: usize, row: usize, start: i32, bytes: i32, size: i32): void {
  if (start >= 0 && start + bytes <= size) {
    // Mostly a few vectors: a call to memory.copy costs more.
    let from = row + <usize>start, left = bytes;
    for (; left >= 16; left -= 16) {
      v128.store(to, v128.load(from));
      to += 16; from += 16;
    }
    for (; left > 0; left -= 4) {
      store<f32>(to, load<f32>(from));
      to += 4; from += 4;
    }
  } else {
    const before = min(bytes, max(0, -start)), inside = max(0, min(bytes, size - start) - before);
    memory.fill(to, 0, <usize>bytes);
    memory.copy(to + <usize>before, row + <usize>(start + before), <usize>inside);
  }
}
