import { high_f64x2, low_f64x2 } from '../simd/f64';

// Sums over many rows lose float32's last digits, and a variance lives in them: these are float64, over rows in order. They
// lie in scratch and each row is added to all of them, so that x is read as it lies in memory.

/**
 * mean[c] and variance[c] = mean of (x[i][c] − mean[c])² of each channel, i < rows: the biased variance, in two passes.
 * `scratch` is 16 bytes a channel.
 */
export function f32_channel_moments(mean: usize, variance: usize, scratch: usize, x: usize, rows: i32, c: i32): void {
  assert(rows > 0 && c > 0 && scratch % 8 == 0);
  const means = scratch, squares = scratch + (<usize>c << 3);
  memory.fill(scratch, 0, <usize>c << 4);
  add_values(means, x, rows, c);
  for (let channel = 0; channel < c; channel++) {
    const at = means + (<usize>channel << 3);
    store<f64>(at, load<f64>(at) / rows);
  }
  add_squares(squares, x, means, rows, c);
  for (let channel = 0; channel < c; channel++) {
    store<f32>(mean, <f32>load<f64>(means + (<usize>channel << 3)));
    store<f32>(variance, <f32>(load<f64>(squares + (<usize>channel << 3)) / rows));
    mean += 4; variance += 4;
  }
}

/** sums[c] += Σ_i x[i][c]. */
function add_values(sums: usize, x: usize, rows: i32, c: i32): void {
  for (; rows > 0; rows--) {
    let to = sums, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x);
      v128.store(to, f64x2.add(v128.load(to), low_f64x2(v)));
      v128.store(to, f64x2.add(v128.load(to, 16), high_f64x2(v)), 16);
      x += 16; to += 32;
    }
    for (; channel < c; channel++) {
      store<f64>(to, load<f64>(to) + <f64>load<f32>(x));
      x += 4; to += 8;
    }
  }
}

/** sums[c] += Σ_i (x[i][c] − means[c])². */
function add_squares(sums: usize, x: usize, means: usize, rows: i32, c: i32): void {
  for (; rows > 0; rows--) {
    let to = sums, mean = means, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x);
      const low = f64x2.sub(low_f64x2(v), v128.load(mean)), high = f64x2.sub(high_f64x2(v), v128.load(mean, 16));
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(low, low)));
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(high, high)), 16);
      x += 16; to += 32; mean += 32;
    }
    for (; channel < c; channel++) {
      const d = <f64>load<f32>(x) - load<f64>(mean);
      store<f64>(to, load<f64>(to) + d * d);
      x += 4; to += 8; mean += 8;
    }
  }
}

/** dx[i][c] = (of_mean[c] + 2 · (x[i][c] − mean[c]) · of_variance[c]) / rows: the gradient of f32_channel_moments. */
export function f32_channel_moments_gradient(
  dx: usize, x: usize, mean: usize, of_mean: usize, of_variance: usize, rows: i32, c: i32,
): void {
  assert(rows > 0 && c > 0);
  const n = <f32>rows;
  const n_f32x4 = f32x4.splat(n), two = f32x4.splat(2);
  for (let i = 0; i < rows; i++) {
    let m = mean, a = of_mean, b = of_variance, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const apart = f32x4.sub(v128.load(x), v128.load(m));
      const sum = f32x4.add(v128.load(a), f32x4.mul(two, f32x4.mul(apart, v128.load(b))));
      v128.store(dx, f32x4.div(sum, n_f32x4));
      dx += 16; x += 16; m += 16; a += 16; b += 16;
    }
    for (; channel < c; channel++) {
      store<f32>(dx, (load<f32>(a) + 2 * ((load<f32>(x) - load<f32>(m)) * load<f32>(b))) / n);
      dx += 4; x += 4; m += 4; a += 4; b += 4;
    }
  }
}

/** out[c] = 1 / √(variance[c] + epsilon); out may be the variance. */
export function f32_inverse_deviation(out: usize, variance: usize, c: i32, epsilon: f32): void {
  assert(c >= 0);
  for (let channel = 0; channel < c; channel++) {
    store<f32>(out, <f32>(1 / sqrt(<f64>load<f32>(variance) + <f64>epsilon)));
    out += 4; variance += 4;
  }
}
