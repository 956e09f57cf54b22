import { activate, activate_scalar } from '../simd/epilogue';
import { high_f64x2, low_f64x2 } from '../simd/f64';

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
 * float64: the gradients in the shift and the scale of a normalisation. `scratch` is 16 bytes a channel.
 */
export function f32_normalize_sums(
  sums: usize, dots: usize, scratch: usize, x: usize, gradient: usize, mean: usize, inverse: usize, rows: i32, c: i32,
): void {
  assert(rows >= 0 && c > 0 && scratch % 8 == 0);
  const of_dots = scratch + (<usize>c << 3);
  memory.fill(scratch, 0, <usize>c << 4);
  for (; rows > 0; rows--) {
    let sum = scratch, dot = of_dots, m = mean, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x), g = v128.load(gradient), mean_f32x4 = v128.load(m);
      const low = low_f64x2(g), high = high_f64x2(g);
      const d0 = f64x2.sub(low_f64x2(v), low_f64x2(mean_f32x4)), d1 = f64x2.sub(high_f64x2(v), high_f64x2(mean_f32x4));
      v128.store(sum, f64x2.add(v128.load(sum), low));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
      v128.store(dot, f64x2.add(v128.load(dot), f64x2.mul(low, d0)));
      v128.store(dot, f64x2.add(v128.load(dot, 16), f64x2.mul(high, d1)), 16);
      x += 16; gradient += 16; m += 16; sum += 32; dot += 32;
    }
    for (; channel < c; channel++) {
      const g = <f64>load<f32>(gradient);
      store<f64>(sum, load<f64>(sum) + g);
      store<f64>(dot, load<f64>(dot) + g * (<f64>load<f32>(x) - <f64>load<f32>(m)));
      x += 4; gradient += 4; m += 4; sum += 8; dot += 8;
    }
  }
  for (let channel = 0; channel < c; channel++) {
    const at = <usize>channel << 3;
    store<f32>(sums, <f32>load<f64>(scratch + at));
    store<f32>(dots, <f32>(load<f64>(of_dots + at) * <f64>load<f32>(inverse)));
    sums += 4; dots += 4; inverse += 4;
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
