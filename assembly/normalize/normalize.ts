import { activate, activate_scalar } from '../simd/epilogue';
import { high_f64x2, low_f64x2, narrow_f32x4 } from '../simd/f64';

/** out[i][c] = activation((x[i][c] − mean[c]) · factor[c] + shift[c]); out may be x. */
export function f32_normalize(
  out: usize, x: usize, mean: usize, factor: usize, shift: usize, rows: i32, c: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(rows >= 0 && c > 0);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  for (let i = 0; i < rows; i++) {
    let m = mean, a = factor, b = shift, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const apart = f32x4.sub(v128.load(x), v128.load(m));
      v128.store(out, activate(f32x4.add(f32x4.mul(apart, v128.load(a)), v128.load(b)), s, l, u));
      out += 16; x += 16; m += 16; a += 16; b += 16;
    }
    for (; channel < c; channel++) {
      const y = (load<f32>(x) - load<f32>(m)) * load<f32>(a) + load<f32>(b);
      store<f32>(out, activate_scalar(y, slope, lo, hi));
      out += 4; x += 4; m += 4; a += 4; b += 4;
    }
  }
}

/**
 * sums[c] = Σ_i gradient[i][c] and dots[c] = Σ_i gradient[i][c] · (x[i][c] − mean[c]) · inverse[c], i < rows in order, in
 * float64: the gradients in the shift and the scale of a normalisation.
 */
export function f32_normalize_sums(
  sums: usize, dots: usize, x: usize, gradient: usize, mean: usize, inverse: usize, rows: i32, c: i32,
): void {
  assert(rows >= 0 && c > 0);
  const row = <usize>c << 2;
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    const m = v128.load(mean), a = v128.load(inverse);
    const mean_low = low_f64x2(m), mean_high = high_f64x2(m);
    let sum_low = f64x2.splat(0), sum_high = sum_low, dot_low = sum_low, dot_high = sum_low;
    let p = x, q = gradient;
    for (let i = 0; i < rows; i++) {
      const v = v128.load(p), g = v128.load(q);
      const g_low = low_f64x2(g), g_high = high_f64x2(g);
      sum_low = f64x2.add(sum_low, g_low);
      sum_high = f64x2.add(sum_high, g_high);
      dot_low = f64x2.add(dot_low, f64x2.mul(g_low, f64x2.sub(low_f64x2(v), mean_low)));
      dot_high = f64x2.add(dot_high, f64x2.mul(g_high, f64x2.sub(high_f64x2(v), mean_high)));
      p += row; q += row;
    }
    v128.store(sums, narrow_f32x4(sum_low, sum_high));
    v128.store(dots, narrow_f32x4(f64x2.mul(dot_low, low_f64x2(a)), f64x2.mul(dot_high, high_f64x2(a))));
    sums += 16; dots += 16; x += 16; gradient += 16; mean += 16; inverse += 16;
  }
  for (; channel < c; channel++) {
    const m = <f64>load<f32>(mean);
    let sum: f64 = 0, dot: f64 = 0, p = x, q = gradient;
    for (let i = 0; i < rows; i++) {
      const g = <f64>load<f32>(q);
      sum += g;
      dot += g * (<f64>load<f32>(p) - m);
      p += row; q += row;
    }
    store<f32>(sums, <f32>sum);
    store<f32>(dots, <f32>(dot * <f64>load<f32>(inverse)));
    sums += 4; dots += 4; x += 4; gradient += 4; mean += 4; inverse += 4;
  }
}

/**
 * dx[i][c] = factor[c] · (gradient[i][c] − sums[c] / rows − (x[i][c] − mean[c]) · inverse[c] · dots[c] / rows): the gradient
 * in what was normalised by its own mean and variance (Ioffe & Szegedy 2015), with the sums of f32_normalize_sums.
 */
export function f32_normalize_gradient(
  dx: usize, x: usize, gradient: usize, mean: usize, inverse: usize, factor: usize, sums: usize, dots: usize,
  rows: i32, c: i32,
): void {
  assert(rows > 0 && c > 0);
  const n = <f32>rows;
  const n_f32x4 = f32x4.splat(n);
  for (let i = 0; i < rows; i++) {
    let at: usize = 0, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const apart = f32x4.mul(f32x4.sub(v128.load(x), v128.load(mean + at)), v128.load(inverse + at));
      const common = f32x4.div(f32x4.add(v128.load(sums + at), f32x4.mul(apart, v128.load(dots + at))), n_f32x4);
      v128.store(dx, f32x4.mul(v128.load(factor + at), f32x4.sub(v128.load(gradient), common)));
      dx += 16; x += 16; gradient += 16; at += 16;
    }
    for (; channel < c; channel++) {
      const apart = (load<f32>(x) - load<f32>(mean + at)) * load<f32>(inverse + at);
      const common = (load<f32>(sums + at) + apart * load<f32>(dots + at)) / n;
      store<f32>(dx, load<f32>(factor + at) * (load<f32>(gradient) - common));
      dx += 4; x += 4; gradient += 4; at += 4;
    }
  }
}
