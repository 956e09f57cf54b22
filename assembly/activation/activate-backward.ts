// The derivative of min(max(x, max(lo, slope·x)), hi) can be read off its result y: 0 where y sits on lo or hi, otherwise
// 1 above zero and slope below. A NaN in y lets the gradient through: it is not turned into a zero.

/**
 * out[i] = gradient[i] · activation'(x[i]), from y = activation(x); out may be the gradient.
 * rule 0: as said. 1, guided: and 0 where gradient ≤ 0. 2, deconvnet: max(gradient, 0) whatever y is.
 */
export function f32_activate_backward(
  out: usize, gradient: usize, y: usize, n: i32, slope: f32, lo: f32, hi: f32, rule: i32,
): void {
  assert(n >= 0 && rule >= 0 && rule <= 2);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi), zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const g = v128.load(gradient), v = v128.load(y);
    let result = g;
    if (rule != 2) {
      const sloped = v128.bitselect(f32x4.mul(g, s), g, f32x4.le(v, zero));
      result = v128.andnot(sloped, v128.or(f32x4.le(v, l), f32x4.ge(v, h)));
    }
    if (rule != 0) result = v128.andnot(result, f32x4.le(g, zero));
    v128.store(out, result);
    out += 16; gradient += 16; y += 16;
  }
  for (; i < n; i++) {
    const g = load<f32>(gradient), v = load<f32>(y);
    let result = g;
    if (rule != 2) {
      if (v <= 0) result = g * slope;
      if (v <= lo || v >= hi) result = 0;
    }
    if (rule != 0 && g <= 0) result = 0;
    store<f32>(out, result);
    out += 4; gradient += 4; y += 4;
  }
}
