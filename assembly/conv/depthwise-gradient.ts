import { end_tap, first_tap } from './window';

/**
 * The transpose of f32_depthwise_conv: adds what rows of one image of the gradient send back to `planes` images of dx,
 * dx[kz·dilation_z][y·stride_y + ky·dilation_y − top][x·stride_x + kx·dilation_x − left][c] += gradient[y][x][c] · filters[kz][ky][kx][c].
 * The filters are packed by f32_depthwise_pack from the last tap to the first; `flipped` is where tap (0, 0, 0) lies there,
 * with the others before it.
 */
export function f32_depthwise_scatter(
  dx: usize, gradient: usize, flipped: usize, planes: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32,
  kh: i32, kw: i32, top: i32, left: i32, stride_y: i32, stride_x: i32,
  dilation_z: i32, dilation_y: i32, dilation_x: i32, taps: i32,
): void {
  assert(planes >= 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0 && kh > 0 && kw > 0 && taps >= planes * kh * kw);
  assert(stride_y > 0 && stride_x > 0 && dilation_z > 0 && dilation_y > 0 && dilation_x > 0 && left >= 0);
  const pixel = <usize>c << 2, row = <usize>w * pixel;
  const step_y = <usize>dilation_y * row, step_x = <usize>dilation_x * pixel;
  const group = <usize>taps << 4;
  for (let kz = 0; kz < planes; kz++) {
    let from = gradient;
    for (let y = 0; y < out_h; y++) {
      const y0 = y * stride_y - top;
      const ky0 = first_tap(y0, dilation_y, kh), rows = end_tap(y0, dilation_y, kh, h) - ky0;
      const to = dx + <usize>(y0 + ky0 * dilation_y) * row, first = flipped - (<usize>(ky0 * kw) << 4);
      for (let x = 0; x < out_w; x++) {
        const x0 = x * stride_x - left;
        const kx0 = first_tap(x0, dilation_x, kw), columns = end_tap(x0, dilation_x, kw, w) - kx0;
        add_window(
          to + <usize>(x0 + kx0 * dilation_x) * pixel, from, first - (<usize>kx0 << 4), rows, columns, c,
          step_y, step_x, <usize>kw << 4, group,
        );
        from += pixel;
      }
    }
    dx += <usize>(dilation_z * h) * row;
    flipped -= <usize>(kh * kw) << 4;
  }
}

function add_window(
  to: usize, gradient: usize, flipped: usize, rows: i32, columns: i32, c: i32,
  step_y: usize, step_x: usize, taps_row: usize, group: usize,
): void {
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    const g = v128.load(gradient);
    for (let ky = 0; ky < rows; ky++) {
      let p = to + <usize>ky * step_y, t = flipped - <usize>ky * taps_row;
      for (let kx = columns; kx > 0; kx--) {
        v128.store(p, f32x4.add(v128.load(p), f32x4.mul(g, v128.load(t))));
        p += step_x; t -= 16;
      }
    }
    to += 16; gradient += 16; flipped += group;
  }
  for (; channel < c; channel++) {
    const g = load<f32>(gradient);
    for (let ky = 0; ky < rows; ky++) {
      let p = to + <usize>ky * step_y, t = flipped - <usize>ky * taps_row;
      for (let kx = columns; kx > 0; kx--) {
        store<f32>(p, load<f32>(p) + g * load<f32>(t));
        p += step_x; t -= 16;
      }
    }
    to += 4; gradient += 4; flipped += 4;
  }
}

/**
 * The gradient of f32_depthwise_conv in its filters [kz][ky][kx][c], to which it adds what rows of one image of the gradient give.
 * Each row is summed by itself, then the rows in order.
 */
export function f32_depthwise_filter_gradient(
  filters: usize, input: usize, gradient: usize, planes: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32,
  kh: i32, kw: i32, top: i32, left: i32, stride_y: i32, stride_x: i32, dilation_z: i32, dilation_y: i32, dilation_x: i32,
): void {
  assert(planes >= 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0 && kh > 0 && kw > 0);
  assert(stride_y > 0 && stride_x > 0 && dilation_z > 0 && dilation_y > 0 && dilation_x > 0 && left >= 0);
  const pixel = <usize>c << 2, row = <usize>w * pixel, out_row = <usize>out_w * pixel;
  for (let kz = 0; kz < planes; kz++) {
    for (let y = 0; y < out_h; y++) {
      const y0 = y * stride_y - top;
      const ky0 = first_tap(y0, dilation_y, kh), ky1 = end_tap(y0, dilation_y, kh, h);
      for (let ky = ky0; ky < ky1; ky++) {
        const from = input + <usize>(y0 + ky * dilation_y) * row;
        for (let kx = 0; kx < kw; kx++) {
          // The columns whose tap kx lies inside the input.
          const offset = kx * dilation_x - left;
          const x0 = offset < 0 ? (stride_x - 1 - offset) / stride_x : 0;
          const x1 = offset < w ? min(out_w, (w - 1 - offset) / stride_x + 1) : 0;
          if (x0 < x1)
            add_dot(
              filters + <usize>(ky * kw + kx) * pixel, from + <usize>(x0 * stride_x + offset) * pixel,
              gradient + <usize>y * out_row + <usize>x0 * pixel, x1 - x0, c, <usize>stride_x * pixel, pixel,
            );
        }
      }
    }
    input += <usize>(dilation_z * h) * row;
    filters += <usize>(kh * kw) * pixel;
  }
}

/** out[c] += Σ_x a[x][c] · b[x][c], x < n. */
function add_dot(out: usize, a: usize, b: usize, n: i32, c: i32, a_step: usize, b_step: usize): void {
  let channel = 0;
  for (; channel + 16 <= c; channel += 16) {
    let p = a, q = b;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let x = n; x > 0; x--) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v128.load(q)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(p, 16), v128.load(q, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(p, 32), v128.load(q, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(p, 48), v128.load(q, 48)));
      p += a_step; q += b_step;
    }
    v128.store(out, f32x4.add(v128.load(out), s0));
    v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
    v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
    v128.store(out, f32x4.add(v128.load(out, 48), s3), 48);
    out += 64; a += 64; b += 64;
  }
  for (; channel + 4 <= c; channel += 4) {
    let p = a, q = b, sum = f32x4.splat(0);
    for (let x = n; x > 0; x--) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(p), v128.load(q)));
      p += a_step; q += b_step;
    }
    v128.store(out, f32x4.add(v128.load(out), sum));
    out += 16; a += 16; b += 16;
  }
  for (; channel < c; channel++) {
    let p = a, q = b, sum: f32 = 0;
    for (let x = n; x > 0; x--) {
      sum += load<f32>(p) * load<f32>(q);
      p += a_step; q += b_step;
    }
    store<f32>(out, load<f32>(out) + sum);
    out += 4; a += 4; b += 4;
  }
}
