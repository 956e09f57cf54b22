import { add_scaled_to } from '../simd/accumulate';

/**
 * Bilinear resize, channels last: out[b][i][j] lies at y = (i + shift) · scale_y − shift, x = (j + shift) · scale_x − shift
 * of the input, clamped to it, and mixes its four neighbours there, first along x and then along y.
 */
export function f32_resize_bilinear(
  out: usize, input: usize, batch: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32,
  scale_y: f64, scale_x: f64, shift: f64,
): void {
  assert(batch >= 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0);
  const pixel = <usize>c << 2, row = <usize>w * pixel;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < out_h; i++) {
      const y = position(i, scale_y, shift, h), y0 = floor(y);
      const upper = input + <usize>y0 * row, lower = input + <usize>ceil(y) * row;
      for (let j = 0; j < out_w; j++) {
        const x = position(j, scale_x, shift, w), x0 = floor(x);
        const left = <usize>x0 * pixel, right = <usize>ceil(x) * pixel;
        mix(out, upper + left, upper + right, lower + left, lower + right, c, <f32>(x - x0), <f32>(y - y0));
        out += pixel;
      }
    }
    input += <usize>h * row;
  }
}

// @ts-ignore: decorator
@inline
function position(index: i32, scale: f64, shift: f64, size: i32): f64 {
  return min<f64>(max<f64>((<f64>index + shift) * scale - shift, 0), <f64>(size - 1));
}

function mix(out: usize, p00: usize, p01: usize, p10: usize, p11: usize, c: i32, fx: f32, fy: f32): void {
  const fx_f32x4 = f32x4.splat(fx), fy_f32x4 = f32x4.splat(fy);
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    const a = v128.load(p00), b = v128.load(p10);
    const upper = f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(p01), a), fx_f32x4));
    const lower = f32x4.add(b, f32x4.mul(f32x4.sub(v128.load(p11), b), fx_f32x4));
    v128.store(out, f32x4.add(upper, f32x4.mul(f32x4.sub(lower, upper), fy_f32x4)));
    out += 16; p00 += 16; p01 += 16; p10 += 16; p11 += 16;
  }
  for (; channel < c; channel++) {
    const a = load<f32>(p00), b = load<f32>(p10);
    const upper = a + (load<f32>(p01) - a) * fx;
    const lower = b + (load<f32>(p11) - b) * fx;
    store<f32>(out, upper + (lower - upper) * fy);
    out += 4; p00 += 4; p01 += 4; p10 += 4; p11 += 4;
  }
}

/** The transpose of f32_resize_bilinear: each gradient is added to the four cells of dx that it was mixed from. */
export function f32_resize_bilinear_gradient(
  dx: usize, gradient: usize, batch: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32,
  scale_y: f64, scale_x: f64, shift: f64,
): void {
  assert(batch >= 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0);
  const pixel = <usize>c << 2, row = <usize>w * pixel;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < out_h; i++) {
      const y = position(i, scale_y, shift, h), y0 = floor(y), fy = <f32>(y - y0);
      const upper = dx + <usize>y0 * row, lower = dx + <usize>ceil(y) * row;
      for (let j = 0; j < out_w; j++) {
        const x = position(j, scale_x, shift, w), x0 = floor(x), fx = <f32>(x - x0);
        const left = <usize>x0 * pixel, right = <usize>ceil(x) * pixel;
        add_scaled_to(upper + left, gradient, c, (1 - fy) * (1 - fx));
        add_scaled_to(upper + right, gradient, c, (1 - fy) * fx);
        add_scaled_to(lower + left, gradient, c, fy * (1 - fx));
        add_scaled_to(lower + right, gradient, c, fy * fx);
        gradient += pixel;
      }
    }
    dx += <usize>h * row;
  }
}
