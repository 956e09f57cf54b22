/** out[i][c] = x[i][c] above 0, slope[c] · x[i][c] elsewhere; out may be x. */
export function f32_prelu(out: usize, x: usize, slope: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  const zero = f32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    let s = slope, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x);
      v128.store(out, v128.bitselect(v, f32x4.mul(v, v128.load(s)), f32x4.gt(v, zero)));
      out += 16; x += 16; s += 16;
    }
    for (; channel < c; channel++) {
      const v = load<f32>(x);
      store<f32>(out, v > 0 ? v : v * load<f32>(s));
      out += 4; x += 4; s += 4;
    }
  }
}

/**
 * dx[i][c] = gradient[i][c] where x is above 0, slope[c] · gradient[i][c] elsewhere. rule 1, guided: and 0 where the gradient
 * is ≤ 0. 2, deconvnet: max(gradient, 0) whatever x is.
 */
export function f32_prelu_backward(
  dx: usize, gradient: usize, x: usize, slope: usize, rows: i32, c: i32, rule: i32,
): void {
  assert(rows >= 0 && c > 0 && rule >= 0 && rule <= 2);
  const zero = f32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    let s = slope, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const g = v128.load(gradient);
      let result = g;
      if (rule != 2) result = v128.bitselect(g, f32x4.mul(g, v128.load(s)), f32x4.gt(v128.load(x), zero));
      if (rule != 0) result = v128.andnot(result, f32x4.le(g, zero));
      v128.store(dx, result);
      dx += 16; gradient += 16; x += 16; s += 16;
    }
    for (; channel < c; channel++) {
      const g = load<f32>(gradient);
      let result = g;
      if (rule != 2 && !(load<f32>(x) > 0)) result = g * load<f32>(s);
      if (rule != 0 && g <= 0) result = 0;
      store<f32>(dx, result);
      dx += 4; gradient += 4; x += 4; s += 4;
    }
  }
}

/** out[c] = Σ_i gradient[i][c] · x[i][c] over the rows where x is not above 0, in order. */
export function f32_prelu_slope_gradient(out: usize, gradient: usize, x: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  const row = <usize>c << 2;
  const zero = f32x4.splat(0);
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    let sum = f32x4.splat(0), p = x, q = gradient;
    for (let i = 0; i < rows; i++) {
      const v = v128.load(p);
      sum = f32x4.add(sum, v128.andnot(f32x4.mul(v128.load(q), v), f32x4.gt(v, zero)));
      p += row; q += row;
    }
    v128.store(out, sum);
    out += 16; x += 16; gradient += 16;
  }
  for (; channel < c; channel++) {
    let sum: f32 = 0, p = x, q = gradient;
    for (let i = 0; i < rows; i++) {
      const v = load<f32>(p);
      if (!(v > 0)) sum += load<f32>(q) * v;
      p += row; q += row;
    }
    store<f32>(out, sum);
    out += 4; x += 4; gradient += 4;
  }
}
