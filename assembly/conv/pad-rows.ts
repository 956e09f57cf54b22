/**
 * Rows first_row … first_row + rows − 1 of an image [h][w][c], each with `left` and `right` zero pixels around it; rows
 * outside the image are zero.
 */
export function f32_pad_rows(
  out: usize, image: usize, first_row: i32, rows: i32, h: i32, w: i32, c: i32, left: i32, right: i32,
): void {
  assert(rows >= 0 && h > 0 && w > 0 && c > 0 && left >= 0 && right >= 0);
  const pixel = <usize>c << 2;
  const inner = <usize>w * pixel, before = <usize>left * pixel, after = <usize>right * pixel;
  for (let y = first_row; y < first_row + rows; y++) {
    if (y < 0 || y >= h) {
      memory.fill(out, 0, before + inner + after);
    } else {
      memory.fill(out, 0, before);
      memory.copy(out + before, image + <usize>y * inner, inner);
      memory.fill(out + before + inner, 0, after);
    }
    out += before + inner + after;
  }
}
