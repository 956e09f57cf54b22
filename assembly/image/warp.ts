import { bilinear_inside, bilinear_or_black, mean_rgb, row_or_none, store_rgb } from './texel';

/**
 * out[y][x][rgb] = (v − mean) / divisor, v the mean of k × k bilinear samples of the RGBA picture [height][width] around
 * (a·x − b·y + tx, b·x + a·y + ty). Samples lie at x + (i + ½)/k − ½; pixels outside of the picture are black.
 *
 * Positions are float64: at the far end of a large photo float32 keeps a thousandth of a pixel only.
 */
export function f32_image_warp(
  out: usize, pixels: usize, size: i32, height: i32, width: i32, k: i32,
  a: f64, b: f64, tx: f64, ty: f64, mean_red: f32, mean_green: f32, mean_blue: f32, divisor: f32,
): void {
  assert(size > 0 && height > 0 && width > 0 && k > 0);
  const mean = mean_rgb(mean_red, mean_green, mean_blue), divide = f32x4.splat(divisor);
  const samples = f32x4.splat(<f32>(k * k));
  const step = 1.0 / <f64>k, first = 0.5 * step - 0.5;
  const along_x = f64x2.replace_lane(f64x2.splat(a), 1, b);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = f32x4.splat(0);
      for (let j = 0; j < k; j++) {
        const v = <f64>y + (first + <f64>j * step);
        const from = f64x2.replace_lane(f64x2.splat(tx - b * v), 1, ty + a * v);
        for (let i = 0; i < k; i++) {
          const u = f64x2.splat(<f64>x + (first + <f64>i * step));
          sum = f32x4.add(sum, sample(pixels, height, width, f64x2.add(from, f64x2.mul(along_x, u))));
        }
      }
      store_rgb(out, f32x4.div(sum, samples), mean, divide);
      out += 12;
    }
  }
}

/** The picture at (x, y), pixel centres at whole numbers. */
// @ts-ignore: decorator
@inline
function sample(pixels: usize, height: i32, width: i32, at_f64x2: v128): v128 {
  const whole_i32x4 = i32x4.trunc_sat_f64x2_s_zero(at_f64x2);
  const x0 = i32x4.extract_lane(whole_i32x4, 0), y0 = i32x4.extract_lane(whole_i32x4, 1);
  if (<u32>x0 < <u32>(width - 1) && <u32>y0 < <u32>(height - 1) && i64x2.bitmask(at_f64x2) == 0) {
    const share = f32x4.demote_f64x2_zero(f64x2.sub(at_f64x2, f64x2.convert_low_i32x4_s(whole_i32x4)));
    const row = <usize>width << 2;
    const p = pixels + <usize>y0 * row + (<usize>x0 << 2);
    return bilinear_inside(p, p + row, i32x4.shuffle(share, share, 0, 0, 0, 0), i32x4.shuffle(share, share, 1, 1, 1, 1));
  }
  return sample_edge(pixels, height, width, f64x2.extract_lane(at_f64x2, 0), f64x2.extract_lane(at_f64x2, 1));
}

/** The same where a neighbour may lie outside. A position more than a pixel outside is black. */
function sample_edge(pixels: usize, height: i32, width: i32, x: f64, y: f64): v128 {
  // Tested as floats: a position that does not fit 32 bits would trap in the conversion.
  if (!(x > -1 && x < <f64>width && y > -1 && y < <f64>height)) return f32x4.splat(0);
  const left = floor(x), top = floor(y);
  const x0 = <i32>left, y0 = <i32>top;
  const row = <usize>width << 2;
  return bilinear_or_black(
    row_or_none(pixels, y0, height, row), row_or_none(pixels, y0 + 1, height, row), x0, x0 + 1, width,
    f32x4.splat(<f32>(x - left)), f32x4.splat(<f32>(y - top)),
  );
}
