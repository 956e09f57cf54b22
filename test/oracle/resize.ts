import type { ResizeBilinearAttributes, ResizeCoordinates } from '../../src/graph/ops/resize-bilinear.ts';
import type { OpOracle } from '../support/op-oracle.ts';
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

type Visit = (x: number, y: number, share: number) => void;

/** Calls `visit` with every cell of the input, each cell of the output, and the share max(0, 1 − distance) along both axes. */
function eachShare(x: Tensor, { size, coordinates }: ResizeBilinearAttributes, visit: Visit): void {
  const [batch, h, w, c] = x.shape as [number, number, number, number];
  const weight = (at: number, cell: number): number => Math.max(0, 1 - Math.abs(at - cell));
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < size[0]; i++)
      for (let j = 0; j < size[1]; j++)
        for (let y = 0; y < h; y++)
          for (let u = 0; u < w; u++) {
            const share = weight(place(coordinates, i, h, size[0]), y) * weight(place(coordinates, j, w, size[1]), u);
            if (share === 0) continue;
            const [from, to] = [(b * h + y) * w + u, (b * size[0] + i) * size[1] + j];
            for (let k = 0; k < c; k++) visit(from * c + k, to * c + k, share);
          }
}

export const resizeBilinearOracle: OpOracle<ResizeBilinearAttributes> = {
  forward({ x0 }, attributes) {
    const [batch, , , c] = x0!.shape as [number, number, number, number];
    const out = new Float64Array(batch * attributes.size[0] * attributes.size[1] * c);
    eachShare(x0!, attributes, (from, to, share) => (out[to]! += share * x0!.values[from]!));
    return out;
  },
  gradients({ x0 }, attributes, gradient) {
    const dx = new Float64Array(x0!.values.length);
    eachShare(x0!, attributes, (to, from, share) => (dx[to]! += share * gradient[from]!));
    return { x0: dx };
  },
};
