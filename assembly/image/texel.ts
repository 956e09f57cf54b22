// A pixel is one 32-bit load, red to alpha, and one vector of four floats; alpha rides along and is never stored.
// Bytes are converted as signed integers: x86 below AVX-512 has no unsigned conversion, and V8's own doubled the time.

/** The four bytes at `address` as floats 0 … 255. */
// @ts-ignore: decorator
@inline
export function load_rgba(address: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(address))));
}

/** The pixel at column x of a row of `width` pixels; black outside of it, and where the row itself is outside (0). */
// @ts-ignore: decorator
@inline
function load_rgba_or_black(row: usize, x: i32, width: i32): v128 {
  return row != 0 && <u32>x < <u32>width ? load_rgba(row + (<usize>x << 2)) : f32x4.splat(0);
}

/** Between four neighbours: along x first, then along y, each as p + (q − p)·share. */
// @ts-ignore: decorator
@inline
function bilinear(
  top_left: v128, top_right: v128, bottom_left: v128, bottom_right: v128, share_x: v128, share_y: v128,
): v128 {
  const top = f32x4.add(top_left, f32x4.mul(f32x4.sub(top_right, top_left), share_x));
  const bottom = f32x4.add(bottom_left, f32x4.mul(f32x4.sub(bottom_right, bottom_left), share_x));
  return f32x4.add(top, f32x4.mul(f32x4.sub(bottom, top), share_y));
}

/** Between the two pixels at `top` and the two at `bottom`, all of them inside the picture: each pair is one load. */
// @ts-ignore: decorator
@inline
export function bilinear_inside(top: usize, bottom: usize, share_x: v128, share_y: v128): v128 {
  const t = i16x8.extend_low_i8x16_u(v128.load64_zero(top)), b = i16x8.extend_low_i8x16_u(v128.load64_zero(bottom));
  return bilinear(
    f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(t)), f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(t)),
    f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(b)), f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(b)),
    share_x, share_y,
  );
}

/** Between columns x0 and x1 of two rows of `width` pixels, black outside; a row outside is 0. */
// @ts-ignore: decorator
@inline
export function bilinear_or_black(
  top: usize, bottom: usize, x0: i32, x1: i32, width: i32, share_x: v128, share_y: v128,
): v128 {
  return bilinear(
    load_rgba_or_black(top, x0, width), load_rgba_or_black(top, x1, width),
    load_rgba_or_black(bottom, x0, width), load_rgba_or_black(bottom, x1, width), share_x, share_y,
  );
}

/** Address of a row of the picture; 0, where no picture lies, for one outside. */
// @ts-ignore: decorator
@inline
export function row_or_none(pixels: usize, y: i32, height: i32, row: usize): usize {
  return <u32>y < <u32>height ? pixels + <usize>y * row : 0;
}

/** Red, green and blue of (v − mean) / divisor. */
// @ts-ignore: decorator
@inline
export function store_rgb(out: usize, v_f32x4: v128, mean_f32x4: v128, divisor_f32x4: v128): void {
  const x = f32x4.div(f32x4.sub(v_f32x4, mean_f32x4), divisor_f32x4);
  v128.store64_lane(out, x, 0);
  v128.store32_lane(out, x, 2, 8);
}

/** Three means, one a lane; the alpha lane is 0. */
// @ts-ignore: decorator
@inline
export function mean_rgb(red: f32, green: f32, blue: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, red), 1, green), 2, blue);
}
