import { real_signal, real_spectrum } from './real';

/**
 * Spectra of frames: out[t, k] = Σ_j window[j] · x[t · hop + j] · e^(−2πi·jk/n), as (re, im), 0 ≤ k ≤ n/2.
 *
 * x: floats, (frames − 1) · hop + n of them; window: n doubles; roots: e^(−2πi·k/n) for k < ¾n; scratch: n · 16 bytes.
 */
export function f32_stft(
  out: usize, x: usize, window: usize, roots: usize, scratch: usize, frames: i32, hop: i32, n: i32,
): void {
  assert(frames >= 0 && hop > 0 && n >= 2 && (n & (n - 1)) == 0);
  const other = scratch + (<usize>n << 3);
  for (let t = 0; t < frames; t++) {
    for (let j = 0; j < n; j += 2) {
      const pair = f64x2.promote_low_f32x4(v128.load64_zero(x + (<usize>j << 2)));
      v128.store(scratch + (<usize>j << 3), f64x2.mul(pair, v128.load(window + (<usize>j << 3))));
    }
    real_spectrum(out, scratch, other, roots, n);
    x += <usize>hop << 2;
    out += (<usize>n + 2) << 2;
  }
}

/**
 * The signals of spectra, each times the window, added where they overlap: y[t · hop + j] += window[j] · x_t[j].
 *
 * y: doubles, (frames − 1) · hop + n of them, to which it is added; the others as in `f32_stft`. What is imaginary of the
 * first and the last number of a spectrum has no part in a real signal.
 */
export function f32_istft(
  y: usize, spectra: usize, window: usize, roots: usize, scratch: usize, frames: i32, hop: i32, n: i32,
): void {
  assert(frames >= 0 && hop > 0 && n >= 2 && (n & (n - 1)) == 0);
  const other = scratch + (<usize>n << 3);
  const share = f64x2.splat(1 / <f64>n);
  for (let t = 0; t < frames; t++) {
    const signal = real_signal(scratch, other, spectra, roots, n);
    for (let j = 0; j < n; j += 2) {
      const at = <usize>j << 3;
      const part = f64x2.mul(f64x2.mul(v128.load(signal + at), share), v128.load(window + at));
      v128.store(y + at, f64x2.add(v128.load(y + at), part));
    }
    spectra += (<usize>n + 2) << 2;
    y += <usize>hop << 3;
  }
}
