// The spectrum of n real numbers from that of n/2 complex ones, z[j] = x[2j] + i·x[2j+1], and back: with m = n/2 and
// E, O the spectra of the even and the odd samples,
//
//   E[k] = (Z[k] + Z̄[m−k]) / 2    O[k] = (Z[k] − Z̄[m−k]) / 2i    X[k] = E[k] + e^(−2πi·k/n) · O[k],   0 ≤ k ≤ m

import { multiply, swap } from './complex';
import { f64_fft } from './fft';

/** The n/2 + 1 numbers of the spectrum of n reals in `a`, an even power of two, to `out`, (re, im) as floats. */
export function real_spectrum(out: usize, a: usize, b: usize, roots: usize, n: i32): void {
  const m = n >> 1;
  const z = f64_fft(a, b, roots, m, 2);
  const minus_plus = f64x2.replace_lane(f64x2.splat(0), 0, -0.0), plus_minus = swap(minus_plus);
  const half = f64x2.splat(0.5);
  for (let k = 0; k <= m; k++) {
    const here = v128.load(z + (<usize>(k & (m - 1)) << 4));
    const there = v128.xor(v128.load(z + (<usize>((m - k) & (m - 1)) << 4)), plus_minus);
    const even = f64x2.mul(f64x2.add(here, there), half);
    // Divided by i: (re, im) → (im, −re).
    const odd = v128.xor(swap(f64x2.mul(f64x2.sub(here, there), half)), plus_minus);
    const turned = multiply(odd, v128.load(roots + (<usize>k << 4)), minus_plus);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.add(even, turned)), 0);
    out += 8;
  }
}

/** n times the n reals of a spectrum of n/2 + 1 numbers; gives their address, which is `a` or `b`. Im X[0] and Im X[n/2] are taken for 0. */
export function real_signal(a: usize, b: usize, spectrum: usize, roots: usize, n: i32): usize {
  const m = n >> 1;
  const minus_plus = f64x2.replace_lane(f64x2.splat(0), 0, -0.0), plus_minus = swap(minus_plus);
  const first = <f64>load<f32>(spectrum), last = <f64>load<f32>(spectrum + (<usize>m << 3));
  // The transform back is the transform of conjugates, conjugated: so Z̄ is what goes in.
  v128.store(a, f64x2.replace_lane(f64x2.splat(first + last), 1, last - first));
  for (let k = 1; k < m; k++) {
    const here = f64x2.promote_low_f32x4(v128.load64_zero(spectrum + (<usize>k << 3)));
    const there = v128.xor(f64x2.promote_low_f32x4(v128.load64_zero(spectrum + (<usize>(m - k) << 3))), plus_minus);
    const even = f64x2.add(here, there);
    const w = v128.xor(v128.load(roots + (<usize>k << 4)), plus_minus);
    const odd = multiply(f64x2.sub(here, there), w, minus_plus);
    const z = f64x2.add(even, v128.xor(swap(odd), minus_plus));
    v128.store(a + (<usize>k << 4), v128.xor(z, plus_minus));
  }
  const result = f64_fft(a, b, roots, m, 2);
  for (let k = 0; k < m; k++) {
    const at = result + (<usize>k << 4);
    v128.store(at, v128.xor(v128.load(at), plus_minus));
  }
  return result;
}
