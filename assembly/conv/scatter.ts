/**
 * One output row of a convolution's gradient in its input: for every pixel ox and tap (ky, kx) inside the image,
 * dx[y0 + ky·dilation_y][x0 + ox·stride_x + kx·dilation_x][c] += taps[ox][ky][kx][c].
 * Pixels of `taps` are `taps_pixel` bytes apart, rows of dx dx_row, its pixels dx_pixel.
 */
export function f32_conv_scatter(
  dx: usize, taps: usize, out_w: i32, kh: i32, kw: i32, c: i32, h: i32, w: i32, y0: i32, x0: i32,
  stride_x: i32, dilation_y: i32, dilation_x: i32, dx_row: usize, dx_pixel: usize, taps_pixel: usize,
): void {
  assert(out_w >= 0 && kh > 0 && kw > 0 && c > 0);
  for (let ox = 0; ox < out_w; ox++) {
    const x1 = x0 + ox * stride_x;
    let from = taps + <usize>ox * taps_pixel;
    for (let ky = 0; ky < kh; ky++) {
      const y = y0 + ky * dilation_y;
      for (let kx = 0; kx < kw; kx++) {
        const x = x1 + kx * dilation_x;
        if (y >= 0 && y < h && x >= 0 && x < w) add_to(dx + <usize>y * dx_row + <usize>x * dx_pixel, from, c);
        from += <usize>c << 2;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function add_to(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16; from += 16;
  }
  for (; n > 0; n--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4; from += 4;
  }
}
