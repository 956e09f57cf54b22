import { activate } from '../simd/epilogue';

// Four neighbouring outputs of a 3 × 3 depthwise convolution, all channels, columns wholly inside the input. A row of the
// window stays in registers: each input cell is loaded once and goes into every output that it belongs to.
// `rows` of the three rows of taps lie inside the input; `taps` is the first of them, in groups of 4 channels × 9 taps.

/** Four outputs over six input columns. */
export function tile_stride1(
  out: usize, from: usize, taps: usize, bias: usize, rows: i32, c: i32, step_y: usize, pixel: usize,
  slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  const zero = f32x4.splat(0);
  const pixel2 = pixel << 1, pixel3 = pixel2 + pixel, pixel4 = pixel << 2, pixel5 = pixel4 + pixel;
  for (; c > 0; c -= 4) {
    let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
    let p = from, t = taps;
    for (let ky = rows; ky > 0; ky--) {
      const t0 = v128.load(t), t1 = v128.load(t, 16), t2 = v128.load(t, 32);
      let x = v128.load(p);
      y0 = f32x4.add(y0, f32x4.mul(x, t0));
      x = v128.load(p + pixel);
      y0 = f32x4.add(y0, f32x4.mul(x, t1));
      y1 = f32x4.add(y1, f32x4.mul(x, t0));
      x = v128.load(p + pixel2);
      y0 = f32x4.add(y0, f32x4.mul(x, t2));
      y1 = f32x4.add(y1, f32x4.mul(x, t1));
      y2 = f32x4.add(y2, f32x4.mul(x, t0));
      x = v128.load(p + pixel3);
      y1 = f32x4.add(y1, f32x4.mul(x, t2));
      y2 = f32x4.add(y2, f32x4.mul(x, t1));
      y3 = f32x4.add(y3, f32x4.mul(x, t0));
      x = v128.load(p + pixel4);
      y2 = f32x4.add(y2, f32x4.mul(x, t2));
      y3 = f32x4.add(y3, f32x4.mul(x, t1));
      x = v128.load(p + pixel5);
      y3 = f32x4.add(y3, f32x4.mul(x, t2));
      p += step_y;
      t += 48;
    }
    const b = v128.load(bias);
    v128.store(out, activate(f32x4.add(y0, b), s, l, u));
    v128.store(out + pixel, activate(f32x4.add(y1, b), s, l, u));
    v128.store(out + pixel2, activate(f32x4.add(y2, b), s, l, u));
    v128.store(out + pixel3, activate(f32x4.add(y3, b), s, l, u));
    out += 16; from += 16; bias += 16; taps += 144;
  }
}

/** Four outputs over nine input columns. */
export function tile_stride2(
  out: usize, from: usize, taps: usize, bias: usize, rows: i32, c: i32, step_y: usize, pixel: usize,
  slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  const zero = f32x4.splat(0);
  const pixel2 = pixel << 1, pixel3 = pixel2 + pixel, pixel4 = pixel << 2;
  for (; c > 0; c -= 4) {
    let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
    let p = from, t = taps;
    for (let ky = rows; ky > 0; ky--) {
      const t0 = v128.load(t), t1 = v128.load(t, 16), t2 = v128.load(t, 32);
      const q = p + pixel4;
      let x = v128.load(p);
      y0 = f32x4.add(y0, f32x4.mul(x, t0));
      x = v128.load(p + pixel);
      y0 = f32x4.add(y0, f32x4.mul(x, t1));
      x = v128.load(p + pixel2);
      y0 = f32x4.add(y0, f32x4.mul(x, t2));
      y1 = f32x4.add(y1, f32x4.mul(x, t0));
      x = v128.load(p + pixel3);
      y1 = f32x4.add(y1, f32x4.mul(x, t1));
      x = v128.load(q);
      y1 = f32x4.add(y1, f32x4.mul(x, t2));
      y2 = f32x4.add(y2, f32x4.mul(x, t0));
      x = v128.load(q + pixel);
      y2 = f32x4.add(y2, f32x4.mul(x, t1));
      x = v128.load(q + pixel2);
      y2 = f32x4.add(y2, f32x4.mul(x, t2));
      y3 = f32x4.add(y3, f32x4.mul(x, t0));
      x = v128.load(q + pixel3);
      y3 = f32x4.add(y3, f32x4.mul(x, t1));
      x = v128.load(q + pixel4);
      y3 = f32x4.add(y3, f32x4.mul(x, t2));
      p += step_y;
      t += 48;
    }
    const b = v128.load(bias);
    v128.store(out, activate(f32x4.add(y0, b), s, l, u));
    v128.store(out + pixel, activate(f32x4.add(y1, b), s, l, u));
    v128.store(out + pixel2, activate(f32x4.add(y2, b), s, l, u));
    v128.store(out + pixel3, activate(f32x4.add(y3, b), s, l, u));
    out += 16; from += 16; bias += 16; taps += 144;
  }
}
