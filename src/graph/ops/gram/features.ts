import { ShapeError } from '../../../core/errors.ts';
import { formatShape, type Shape } from '../../../core/shape.ts';
import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Memory } from '../../../runtime/memory.ts';

/** Activations of a layer [N, …spatial, C] as matrices, one an image: a row for each position, a column for each channel. */
export interface Features {
  readonly images: number;
  readonly positions: number;
  readonly channels: number;
}

/** @throws ShapeError naming `op` where the input has not one to three spatial axes */
export function featuresOf(op: string, input: Shape | undefined): Features {
  if (!input || input.length < 3 || input.length > 5)
    throw new ShapeError(
      `${op}: features must be [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${input ? formatShape(input) : 'nothing'}`,
    );
  const positions = input.slice(1, -1).reduce((product, size) => product * size, 1);
  return { images: input[0]!, positions, channels: input.at(-1)! };
}

/** Rows that f32_gram packs at a time. */
const PACKED_ROWS = 256;
/** Bytes of a tile that hangs over the edge of a matrix. */
const TILE_BYTES = 128;

const eights = (channels: number): number => Math.ceil(channels / 8) * 8;

/** Bytes of one Gram matrix, rounded so that what lies behind is aligned. */
export const matrixBytes = ({ channels }: Features): number => Math.ceil((channels * channels * 4) / 64) * 64;

/** Scratch of one Gram matrix. */
export const gramScratch = ({ channels }: Features): number =>
  (PACKED_ROWS + (channels % 8 === 0 ? 0 : eights(channels))) * eights(channels) * 4;

/** Scratch of one image's gradient: D + Dᵀ, that in panels, a bias of zeros, a tile. */
export const gramGradientScratch = (f: Features): number =>
  matrixBytes(f) + eights(f.channels) * (f.channels + 1) * 4 + TILE_BYTES;

/** Where one image's gradient finds its data, in bytes. */
export interface GramGradientAddresses {
  /** Gradient in the features. */
  readonly output: number;
  readonly features: number;
  /** D, the gradient in the Gram matrix. */
  readonly gradient: number;
  readonly scratch: number;
}

/** Gradient in one image's features F of a Gram matrix `scale` · FᵀF: `scale` · F · (D + Dᵀ). */
export function gramGradient(
  kernels: Kernels,
  memory: Memory,
  f: Features,
  scale: number,
  { output, features, gradient, scratch }: GramGradientAddresses,
): void {
  const { positions, channels } = f;
  const row = channels * 4;
  const panels = scratch + matrixBytes(f);
  const bias = panels + eights(channels) * row;
  const tile = bias + eights(channels) * 4;
  kernels.f32_symmetrize(scratch, gradient, channels, scale);
  kernels.f32_gemm_pack(panels, scratch, channels, channels, row);
  memory.f32(bias, eights(channels)).fill(0);
  kernels.f32_gemm_4x8(
    output,
    features,
    panels,
    bias,
    0,
    0,
    tile,
    positions,
    channels,
    channels,
    row,
    row,
    1,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  );
}
