import { end_tap, first_tap } from '../conv/window';

/**
 * f32_max_pool that also keeps where each maximum lies: positions[y][x][c] (i32) counts pixels of the input from
 * in[−first / (h · w)], so that `first` is the number of the first pixel of in[0]. Of equal cells the first wins, and so
 * does the first NaN.
 */
export function f32_max_pool_positions(
  out: usize, positions: usize, input: usize, first: i32, planes: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32,
  size_y: i32, size_x: i32, top: i32, left: i32, stride_y: i32, stride_x: i32,
): void {
  assert(first >= 0 && planes > 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0 && stride_y > 0 && stride_x > 0);
  assert(left >= 0 && top < size_y && left < size_x);
  assert((out_h - 1) * stride_y - top < h && (out_w - 1) * stride_x - left < w);
  const pixel = <usize>c << 2;
  for (let y = 0; y < out_h; y++) {
    const y0 = y * stride_y - top;
    const ky0 = first_tap(y0, 1, size_y), rows = end_tap(y0, 1, size_y, h) - ky0;
    for (let x = 0; x < out_w; x++) {
      const x0 = x * stride_x - left;
      const kx0 = first_tap(x0, 1, size_x), columns = end_tap(x0, 1, size_x, w) - kx0;
      const corner = (y0 + ky0) * w + x0 + kx0;
      const from = input + <usize>corner * pixel;
      max_of_window(out, positions, from, first + corner, planes, rows, columns, c, h * w, w, pixel);
      out += pixel;
      positions += pixel;
    }
  }
}

function max_of_window(
  out: usize, positions: usize, from: usize, first: i32, planes: i32, rows: i32, columns: i32, c: i32,
  plane: i32, row: i32, pixel: usize,
): void {
  const next_row = row - columns, next_plane = plane - rows * row;
  const one = i32x4.splat(1), to_row = i32x4.splat(next_row), to_plane = i32x4.splat(next_plane);
  const start = i32x4.splat(first);
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    let p = from, best = v128.load(p), at = start, best_at = start;
    for (let kz = planes; kz > 0; kz--) {
      for (let ky = rows; ky > 0; ky--) {
        for (let kx = columns; kx > 0; kx--) {
          const x = v128.load(p);
          const better = v128.andnot(f32x4.eq(best, best), f32x4.le(x, best));
          best = v128.bitselect(x, best, better);
          best_at = v128.bitselect(at, best_at, better);
          at = i32x4.add(at, one);
          p += pixel;
        }
        at = i32x4.add(at, to_row);
        p += <usize>next_row * pixel;
      }
      at = i32x4.add(at, to_plane);
      p += <usize>next_plane * pixel;
    }
    v128.store(out, best);
    v128.store(positions, best_at);
    out += 16; positions += 16; from += 16;
  }
  for (; channel < c; channel++) {
    let p = from, best = load<f32>(p), at = first, best_at = first;
    for (let kz = planes; kz > 0; kz--) {
      for (let ky = rows; ky > 0; ky--) {
        for (let kx = columns; kx > 0; kx--) {
          const x = load<f32>(p);
          if (best == best && !(x <= best)) {
            best = x;
            best_at = at;
          }
          at++;
          p += pixel;
        }
        at += next_row;
        p += <usize>next_row * pixel;
      }
      at += next_plane;
      p += <usize>next_plane * pixel;
    }
    store<f32>(out, best);
    store<i32>(positions, best_at);
    out += 4; positions += 4; from += 4;
  }
}

/** dx[positions[i][c]][c] += gradient[i][c], i < rows in order: each goes back to where its maximum lay. */
export function f32_max_unpool(dx: usize, gradient: usize, positions: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    for (let channel = 0; channel < c; channel++) {
      const to = dx + (<usize>(load<i32>(positions) * c + channel) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(gradient));
      gradient += 4; positions += 4;
    }
  }
}
