import type { ResizeCoordinates } from '../../src/graph/ops/resize-bilinear.ts';
import type { Tensor } from '../support/run-op.ts';

/** Place of output cell `i` in the input, by the definition of each convention. */
function place(coordinates: ResizeCoordinates, i: number, input: number, output: number): number {
  const at = {
    asymmetric: (i * input) / output,
    'align-corners': output > 1 ? (i * (input - 1)) / (output - 1) : 0,
    'half-pixel': ((i + 0.5) * input) / output - 0.5,
  }[coordinates];
  return Math.min(Math.max(at, 0), input - 1);
}

/** Bilinear resize as a weighted sum of all cells, each with the weight max(0, 1 − distance) along both axes; float64. */
export function resizeBilinearOracle(
  x: Tensor,
  [outH, outW]: readonly [number, number],
  coordinates: ResizeCoordinates,
): Float64Array {
  const [batch, h, w, c] = x.shape as [number, number, number, number];
  const weight = (at: number, cell: number): number => Math.max(0, 1 - Math.abs(at - cell));
  const out = new Float64Array(batch * outH * outW * c);
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < outH; i++)
      for (let j = 0; j < outW; j++)
        for (let y = 0; y < h; y++)
          for (let xx = 0; xx < w; xx++) {
            const share = weight(place(coordinates, i, h, outH), y) * weight(place(coordinates, j, w, outW), xx);
            if (share === 0) continue;
            for (let k = 0; k < c; k++)
              out[((b * outH + i) * outW + j) * c + k]! += share * x.values[((b * h + y) * w + xx) * c + k]!;
          }
  return out;
}
