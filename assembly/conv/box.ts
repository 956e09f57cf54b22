// A box of a convolution's input: everything that some of its outputs read, without bounds to check. Where it lies inside
// the input it is used as it lies, else it is copied with zeros where it hangs over.

/** Whether `rows` × `columns` cells from (top, left) on, and `slices` of them from `front` on, lie inside [d][h][w]. */
// @ts-ignore: decorator
@inline
export function is_inside(
  slices: i32, rows: i32, columns: i32, dilation_z: i32, front: i32, top: i32, left: i32, d: i32, h: i32, w: i32,
): bool {
  return front >= 0 && front + (slices - 1) * dilation_z < d && top >= 0 && top + rows <= h && left >= 0 && left + columns <= w;
}

/**
 * out[z][y][x] = volume[front + z · dilation_z][top + y · step_y][left + x], cells of `pixel` bytes, zeros outside
 * [d][h][w].
 */
export function copy_box(
  out: usize, volume: usize, slices: i32, rows: i32, columns: i32, dilation_z: i32, step_y: i32,
  front: i32, top: i32, left: i32, d: i32, h: i32, w: i32, pixel: usize,
): void {
  const x0 = min(columns, max(0, -left)), x1 = max(x0, min(columns, w - left));
  const before = <usize>x0 * pixel, inner = <usize>(x1 - x0) * pixel, after = <usize>(columns - x1) * pixel;
  for (let i = 0; i < slices; i++) {
    const z = front + i * dilation_z;
    for (let j = 0; j < rows; j++) {
      const y = top + j * step_y;
      if (z < 0 || z >= d || y < 0 || y >= h) {
        memory.fill(out, 0, <usize>columns * pixel);
      } else {
        memory.fill(out, 0, before);
        memory.copy(out + before, volume + <usize>((z * h + y) * w + left + x0) * pixel, inner);
        memory.fill(out + before + inner, 0, after);
      }
      out += <usize>columns * pixel;
    }
  }
}
