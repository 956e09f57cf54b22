import { multiply, swap } from './complex';

/**
 * X[k] = Σ x[j] · e^(−2πi·jk/n) of n complex doubles, n a power of two; gives the address of the result, which is `a` or `b`.
 * Both are n · 16 bytes and `a` holds x; they are overwritten.
 *
 * `roots` holds e^(−2πi·k/(n · stride)) for k < ¾·n·stride.
 *
 * Stockham's self-sorting form with radix 4, and radix 2 at the end where n is no power of 4 (C. Van Loan, Computational
 * Frameworks for the Fast Fourier Transform, 1992, sections 1.7 and 2.4): each stage reads one buffer and writes the other.
 */
export function f64_fft(a: usize, b: usize, roots: usize, n: i32, stride: i32): usize {
  assert(n > 0 && (n & (n - 1)) == 0 && stride > 0);
  const minus_plus = f64x2.replace_lane(f64x2.splat(0), 0, -0.0);
  let from = a, to = b;
  let length = n, done = 1;
  for (; length >= 4; length >>= 2, done <<= 2) {
    quarter(to, from, roots, length >> 2, done, stride << 4, minus_plus);
    const swapped = from; from = to; to = swapped;
  }
  if (length == 2) {
    const half = <usize>done << 4;
    for (let i: usize = 0; i < half; i += 16) {
      const x = v128.load(from + i), y = v128.load(from + half + i);
      v128.store(to + i, f64x2.add(x, y));
      v128.store(to + half + i, f64x2.sub(x, y));
    }
    return to;
  }
  return from;
}

/** One stage: `groups` twiddles, for each of them `done` butterflies of four numbers. `root` is bytes between roots. */
function quarter(
  to: usize, from: usize, roots: usize, groups: i32, done: i32, root: i32, minus_plus: v128,
): void {
  const run = <usize>done << 4, apart = run * groups;
  let w = roots;
  for (let p = 0; p < groups; p++) {
    const step = w - roots;
    const w1 = v128.load(w), w2 = v128.load(w + step), w3 = v128.load(w + 2 * step);
    for (let q: usize = 0; q < run; q += 16) {
      const x0 = v128.load(from), x1 = v128.load(from + apart);
      const x2 = v128.load(from + 2 * apart), x3 = v128.load(from + 3 * apart);
      const even_sum = f64x2.add(x0, x2), even_difference = f64x2.sub(x0, x2);
      const odd_sum = f64x2.add(x1, x3);
      const odd_turned = v128.xor(swap(f64x2.sub(x1, x3)), minus_plus);
      v128.store(to + q, f64x2.add(even_sum, odd_sum));
      v128.store(to + q + run, multiply(f64x2.sub(even_difference, odd_turned), w1, minus_plus));
      v128.store(to + q + 2 * run, multiply(f64x2.sub(even_sum, odd_sum), w2, minus_plus));
      v128.store(to + q + 3 * run, multiply(f64x2.add(even_difference, odd_turned), w3, minus_plus));
      from += 16;
    }
    to += 4 * run;
    w += <usize>done * root;
  }
}
