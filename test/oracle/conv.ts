import type { Window } from '../../src/core/shape.ts';
import type { Tensor } from '../support/run-op.ts';

/** 2D convolution by its definition, in float64. */
export function conv2dOracle(
  x: Tensor,
  filters: Tensor,
  bias: ArrayLike<number> | undefined,
  window: Window,
): Float64Array {
  const [batch, h, w, c] = x.shape as [number, number, number, number];
  const [kh, kw, , n] = filters.shape as [number, number, number, number];
  const out = new Float64Array(batch * window.y.size * window.x.size * n);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < window.y.size; oy++)
      for (let ox = 0; ox < window.x.size; ox++)
        for (let o = 0; o < n; o++) {
          let sum = bias?.[o] ?? 0;
          for (let ky = 0; ky < kh; ky++)
            for (let kx = 0; kx < kw; kx++) {
              const iy = oy * window.strideY + ky * window.dilationY - window.y.before;
              const ix = ox * window.strideX + kx * window.dilationX - window.x.before;
              if (iy < 0 || ix < 0 || iy >= h || ix >= w) continue;
              for (let i = 0; i < c; i++)
                sum += x.values[((b * h + iy) * w + ix) * c + i]! * filters.values[((ky * kw + kx) * c + i) * n + o]!;
            }
          out[at++] = sum;
        }
  return out;
}
