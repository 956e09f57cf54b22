/**
 * One step of RMSprop over n values (Tieleman & Hinton 2012), ε outside the root as in PyTorch (TensorFlow has it inside):
 *
 *   g = gradient + l2 · x    s = ρ · s + (1 − ρ) · g²    u = g / (√s + epsilon)
 *   velocity = momentum · velocity + u    x −= rate · velocity
 *
 * s and velocities start at 0. Where `velocity` is 0 there is no momentum: x −= rate · u. Scalars are float64, for 1 − ρ.
 */
export function f32_rmsprop(
  x: usize, gradient: usize, s: usize, velocity: usize, n: i32, rate: f64, rho: f64, epsilon: f64, momentum: f64, l2: f64,
): void {
  assert(n >= 0 && epsilon > 0);
  const a = <f32>rate, b = <f32>rho, c = <f32>(1 - rho), e = <f32>epsilon, mu = <f32>momentum, pull = <f32>l2;
  const a_f32x4 = f32x4.splat(a), b_f32x4 = f32x4.splat(b), c_f32x4 = f32x4.splat(c), e_f32x4 = f32x4.splat(e);
  const mu_f32x4 = f32x4.splat(mu), pull_f32x4 = f32x4.splat(pull);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const value = v128.load(x);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(pull_f32x4, value));
    const square = f32x4.add(f32x4.mul(b_f32x4, v128.load(s)), f32x4.mul(c_f32x4, f32x4.mul(g, g)));
    v128.store(s, square);
    let u = f32x4.div(g, f32x4.add(f32x4.sqrt(square), e_f32x4));
    if (velocity != 0) {
      u = f32x4.add(f32x4.mul(mu_f32x4, v128.load(velocity)), u);
      v128.store(velocity, u);
      velocity += 16;
    }
    v128.store(x, f32x4.sub(value, f32x4.mul(a_f32x4, u)));
    x += 16; gradient += 16; s += 16;
  }
  for (; i < n; i++) {
    const value = load<f32>(x);
    const g = load<f32>(gradient) + pull * value;
    const square = b * load<f32>(s) + c * (g * g);
    store<f32>(s, square);
    let u = g / (sqrt(square) + e);
    if (velocity != 0) {
      u = mu * load<f32>(velocity) + u;
      store<f32>(velocity, u);
      velocity += 4;
    }
    store<f32>(x, value - a * u);
    x += 4; gradient += 4; s += 4;
  }
}
