/**
 * One step of gradient descent over n values, with momentum as in Sutskever et al. 2013 in PyTorch's form:
 *
 *   g = gradient + l2 · x    velocity = momentum · velocity + g    x −= rate · (nesterov ? g + momentum · velocity : velocity)
 *
 * Velocities start at 0. Where `velocity` is 0 there is no momentum: x −= rate · g.
 */
export function f32_sgd(
  x: usize, gradient: usize, velocity: usize, n: i32, rate: f32, momentum: f32, l2: f32, nesterov: bool,
): void {
  assert(n >= 0);
  if (velocity == 0) descend(x, gradient, n, rate, l2);
  else roll(x, gradient, velocity, n, rate, momentum, l2, nesterov);
}

function descend(x: usize, gradient: usize, n: i32, rate: f32, l2: f32): void {
  const r = f32x4.splat(rate), pull = f32x4.splat(l2);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const value = v128.load(x);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(pull, value));
    v128.store(x, f32x4.sub(value, f32x4.mul(r, g)));
    x += 16; gradient += 16;
  }
  for (; i < n; i++) {
    const value = load<f32>(x);
    store<f32>(x, value - rate * (load<f32>(gradient) + l2 * value));
    x += 4; gradient += 4;
  }
}

function roll(
  x: usize, gradient: usize, velocity: usize, n: i32, rate: f32, momentum: f32, l2: f32, nesterov: bool,
): void {
  const r = f32x4.splat(rate), mu = f32x4.splat(momentum), pull = f32x4.splat(l2);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const value = v128.load(x);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(pull, value));
    const v = f32x4.add(f32x4.mul(mu, v128.load(velocity)), g);
    v128.store(velocity, v);
    v128.store(x, f32x4.sub(value, f32x4.mul(r, nesterov ? f32x4.add(g, f32x4.mul(mu, v)) : v)));
    x += 16; gradient += 16; velocity += 16;
  }
  for (; i < n; i++) {
    const value = load<f32>(x);
    const g = load<f32>(gradient) + l2 * value;
    const v = momentum * load<f32>(velocity) + g;
    store<f32>(velocity, v);
    store<f32>(x, value - rate * (nesterov ? g + momentum * v : v));
    x += 4; gradient += 4; velocity += 4;
  }
}
