import { exp_f32x4 } from './exp';

/** out[i] = 1 / (1 + e^−x[i]); out may be x. */
export function f32_sigmoid(out: usize, x: usize, n: i32): void {
  assert(n >= 0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, sigmoid(v128.load(x)));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    v128.store_lane<f32>(out, sigmoid(v128.load32_splat(x)), 0);
    out += 4; x += 4;
  }
}

/** By t = e^−|x|, which cannot overflow: 1 / (1 + t) for x ≥ 0, and t / (1 + t) below, exact to its last digits there too. */
// @ts-ignore: decorator
@inline
function sigmoid(x_f32x4: v128): v128 {
  const one = f32x4.splat(1);
  const t = exp_f32x4(f32x4.neg(f32x4.abs(x_f32x4)));
  const numerator = v128.bitselect(t, one, f32x4.lt(x_f32x4, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, t));
}

/** out[i] = gradient[i] · y[i] · (1 − y[i]), y the sigmoid; out may be the gradient. */
export function f32_sigmoid_backward(out: usize, gradient: usize, y: usize, n: i32): void {
  assert(n >= 0);
  const one = f32x4.splat(1);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = v128.load(y);
    v128.store(out, f32x4.mul(v128.load(gradient), f32x4.mul(v, f32x4.sub(one, v))));
    out += 16; gradient += 16; y += 16;
  }
  for (; i < n; i++) {
    const v = load<f32>(y);
    store<f32>(out, load<f32>(gradient) * (v * (1 - v)));
    out += 4; gradient += 4; y += 4;
  }
}
