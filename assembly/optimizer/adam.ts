/**
 * One step of Adam over n values (Kingma & Ba 2015, Algorithm 1: ε outside the root, after the bias correction):
 *
 *   g = gradient + l2 · x    m = β₁ · m + (1 − β₁) · g    v = β₂ · v + (1 − β₂) · g²
 *   x = (1 − rate · decay) · x − rate · (m / correction1) / (√(v / correction2) + epsilon)
 *
 * The corrections of step t are 1 − β₁ᵗ and 1 − β₂ᵗ; m and v start at 0. `l2` is the weight decay of Adam, `decay` the
 * decoupled one of AdamW (Loshchilov & Hutter 2019). Scalars are float64: 1 − β₂ of a rounded β₂ would be 5e-5 off.
 */
export function f32_adam(
  x: usize, gradient: usize, m: usize, v: usize, n: i32, rate: f64, beta1: f64, beta2: f64, epsilon: f64,
  correction1: f64, correction2: f64, l2: f64, decay: f64,
): void {
  assert(n >= 0 && epsilon > 0 && correction1 > 0 && correction2 > 0);
  const b1 = <f32>beta1, a1 = <f32>(1 - beta1), b2 = <f32>beta2, a2 = <f32>(1 - beta2);
  const step = <f32>(rate / correction1), growth = <f32>(1 / correction2);
  const e = <f32>epsilon, pull = <f32>l2, keep = <f32>(1 - rate * decay);
  const b1_f32x4 = f32x4.splat(b1), a1_f32x4 = f32x4.splat(a1), b2_f32x4 = f32x4.splat(b2), a2_f32x4 = f32x4.splat(a2);
  const step_f32x4 = f32x4.splat(step), growth_f32x4 = f32x4.splat(growth), e_f32x4 = f32x4.splat(e);
  const pull_f32x4 = f32x4.splat(pull), keep_f32x4 = f32x4.splat(keep);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const value = v128.load(x);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(pull_f32x4, value));
    const first = f32x4.add(f32x4.mul(b1_f32x4, v128.load(m)), f32x4.mul(a1_f32x4, g));
    const second = f32x4.add(f32x4.mul(b2_f32x4, v128.load(v)), f32x4.mul(a2_f32x4, f32x4.mul(g, g)));
    v128.store(m, first);
    v128.store(v, second);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, growth_f32x4)), e_f32x4);
    v128.store(x, f32x4.sub(f32x4.mul(keep_f32x4, value), f32x4.div(f32x4.mul(step_f32x4, first), root)));
    x += 16; gradient += 16; m += 16; v += 16;
  }
  for (; i < n; i++) {
    const value = load<f32>(x);
    const g = load<f32>(gradient) + pull * value;
    const first = b1 * load<f32>(m) + a1 * g;
    const second = b2 * load<f32>(v) + a2 * (g * g);
    store<f32>(m, first);
    store<f32>(v, second);
    store<f32>(x, keep * value - step * first / (sqrt(second * growth) + e));
    x += 4; gradient += 4; m += 4; v += 4;
  }
}
