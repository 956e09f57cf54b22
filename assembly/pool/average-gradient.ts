import { end_tap, first_tap } from '../conv/window';

/** The transpose of f32_average_pool: adds gradient[y][x][c] / cells to every cell of its window in dx. */
export function f32_average_pool_gradient(
  dx: usize, gradient: usize, planes: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32, size_y: i32, size_x: i32,
  top: i32, left: i32, stride_y: i32, stride_x: i32, counted: i32,
): void {
  assert(planes > 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0 && stride_y > 0 && stride_x > 0);
  assert(left >= 0 && top < size_y && left < size_x && counted >= 0);
  assert((out_h - 1) * stride_y - top < h && (out_w - 1) * stride_x - left < w);
  const pixel = <usize>c << 2, row = <usize>w * pixel, plane = <usize>h * row;
  for (let y = 0; y < out_h; y++) {
    const y0 = y * stride_y - top;
    const ky0 = first_tap(y0, 1, size_y), rows = end_tap(y0, 1, size_y, h) - ky0;
    for (let x = 0; x < out_w; x++) {
      const x0 = x * stride_x - left;
      const kx0 = first_tap(x0, 1, size_x), columns = end_tap(x0, 1, size_x, w) - kx0;
      const cells = <f32>(counted ? counted : planes * rows * columns);
      const to = dx + <usize>(y0 + ky0) * row + <usize>(x0 + kx0) * pixel;
      share_out(to, gradient, planes, rows, columns, c, plane, row, pixel, cells);
      gradient += pixel;
    }
  }
}

function share_out(
  to: usize, gradient: usize, planes: i32, rows: i32, columns: i32, c: i32, plane: usize, row: usize, pixel: usize, cells: f32,
): void {
  const n = f32x4.splat(cells);
  const next_row = row - <usize>columns * pixel, next_plane = plane - <usize>rows * row;
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    const share = f32x4.div(v128.load(gradient), n);
    let p = to;
    for (let kz = planes; kz > 0; kz--) {
      for (let ky = rows; ky > 0; ky--) {
        for (let kx = columns; kx > 0; kx--) {
          v128.store(p, f32x4.add(v128.load(p), share));
          p += pixel;
        }
        p += next_row;
      }
      p += next_plane;
    }
    gradient += 16; to += 16;
  }
  for (; channel < c; channel++) {
    const share = load<f32>(gradient) / cells;
    let p = to;
    for (let kz = planes; kz > 0; kz--) {
      for (let ky = rows; ky > 0; ky--) {
        for (let kx = columns; kx > 0; kx--) {
          store<f32>(p, load<f32>(p) + share);
          p += pixel;
        }
        p += next_row;
      }
      p += next_plane;
    }
    gradient += 4; to += 4;
  }
}
