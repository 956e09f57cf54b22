import { high_f64x2, low_f64x2, narrow_f32x4 } from '../simd/f64';

// Sums over many rows lose float32's last digits, and a variance lives in them: these are float64, over rows in order.

/** mean[c] and variance[c] = mean of (x[i][c] − mean[c])² of each channel, i < rows: the biased variance, in two passes. */
export function f32_channel_moments(mean: usize, variance: usize, x: usize, rows: i32, c: i32): void {
  assert(rows > 0 && c > 0);
  const row = <usize>c << 2;
  const n: f64 = rows;
  const n_f64x2 = f64x2.splat(n);
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    let low = f64x2.splat(0), high = low;
    let p = x;
    for (let i = 0; i < rows; i++) {
      const v = v128.load(p);
      low = f64x2.add(low, low_f64x2(v));
      high = f64x2.add(high, high_f64x2(v));
      p += row;
    }
    const mean_low = f64x2.div(low, n_f64x2), mean_high = f64x2.div(high, n_f64x2);
    v128.store(mean, narrow_f32x4(mean_low, mean_high));
    low = f64x2.splat(0); high = low;
    p = x;
    for (let i = 0; i < rows; i++) {
      const v = v128.load(p);
      const d0 = f64x2.sub(low_f64x2(v), mean_low), d1 = f64x2.sub(high_f64x2(v), mean_high);
      low = f64x2.add(low, f64x2.mul(d0, d0));
      high = f64x2.add(high, f64x2.mul(d1, d1));
      p += row;
    }
    v128.store(variance, narrow_f32x4(f64x2.div(low, n_f64x2), f64x2.div(high, n_f64x2)));
    mean += 16; variance += 16; x += 16;
  }
  for (; channel < c; channel++) {
    let sum: f64 = 0, p = x;
    for (let i = 0; i < rows; i++) {
      sum += <f64>load<f32>(p);
      p += row;
    }
    const m = sum / n;
    store<f32>(mean, <f32>m);
    sum = 0; p = x;
    for (let i = 0; i < rows; i++) {
      const d = <f64>load<f32>(p) - m;
      sum += d * d;
      p += row;
    }
    store<f32>(variance, <f32>(sum / n));
    mean += 4; variance += 4; x += 4;
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
