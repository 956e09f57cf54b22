import { reachOf, type Window, windowOutputs } from '../../core/window.ts';
import { piecesFor, ranges } from './conv/pieces.ts';

/** Rows of one image (height and width) of a windowed op's output, and the images of its input that the windows reach. */
export interface WindowPart {
  /** Bytes from the start of the output to the part. */
  readonly output: number;
  /** Bytes from the start of the input to the first image that the windows reach. */
  readonly input: number;
  /** How many images they reach, one dilation apart. */
  readonly planes: number;
  /** The window's plane that falls on the first of them. */
  readonly tap: number;
  /** What kernels are told: sizes of an image of the input and of the part, the window, its place and steps. */
  readonly sizes: readonly [
    h: number,
    w: number,
    c: number,
    outH: number,
    outW: number,
    kernelY: number,
    kernelX: number,
    top: number,
    left: number,
    strideY: number,
    strideX: number,
  ];
}

/** A batch of outputs image by image, their windows clipped in depth: all that ranks 1 to 3 differ in. */
export function windowImages(batch: number, window: Window, c: number): readonly WindowPart[] {
  const { z, y, x } = window;
  const images: WindowPart[] = [];
  for (let item = 0; item < batch; item++)
    for (let depth = 0; depth < z.size; depth++) {
      const planeOf = (tap: number): number => depth * z.stride + tap * z.dilation - z.before;
      const taps = Array.from({ length: z.kernel }, (_, tap) => tap).filter(
        (tap) => planeOf(tap) >= 0 && planeOf(tap) < z.input,
      );
      const first = taps.length > 0 ? planeOf(taps[0]!) : 0;
      images.push({
        output: (item * z.size + depth) * y.size * x.size * c * 4,
        input: (item * z.input + first) * y.input * x.input * c * 4,
        planes: taps.length,
        tap: taps[0] ?? 0,
        sizes: [y.input, x.input, c, y.size, x.size, y.kernel, x.kernel, y.before, x.before, y.stride, x.stride],
      });
    }
  return images;
}

/** So many rows of an image from one on. */
export function bandOf(image: WindowPart, row: number, rows: number): WindowPart {
  const [h, w, c, , outW, kernelY, kernelX, top, left, strideY, strideX] = image.sizes;
  const sizes = [h, w, c, rows, outW, kernelY, kernelX, top - row * strideY, left, strideY, strideX] as const;
  return { ...image, output: image.output + row * outW * c * 4, sizes };
}

/** Each image cut into bands of at least `least` rows, for threads. */
function imageBands(batch: number, window: Window, c: number, least: number): WindowPart[][] {
  const images = windowImages(batch, window, c);
  const { z, y, x } = window;
  const work = batch * windowOutputs(window) * c * z.kernel * y.kernel * x.kernel;
  const pieces = Math.min(Math.ceil(piecesFor(work) / images.length), Math.floor(y.size / least));
  const bands = ranges(y.size, Math.max(1, pieces));
  return images.map((image) => bands.map(([row, rows]) => bandOf(image, row, rows)));
}

/** The images cut into rows, for threads: no two parts share an output. */
export const windowParts = (batch: number, window: Window, c: number): readonly WindowPart[] =>
  imageBands(batch, window, c, 1).flat();

/**
 * The same for kernels that add to the input under a window: parts in turns, so that the windows of two parts of one turn
 * share no cell. Where windows overlap every other band has its turn, and every depth.
 */
export function windowTurns(batch: number, window: Window, c: number): readonly (readonly WindowPart[])[] {
  const { z, y } = window;
  const [depths, parities] = [z, y].map((axis) => axis.stride < reachOf(axis)) as [boolean, boolean];
  const turns = new Map<number, WindowPart[]>();
  for (const [image, bands] of imageBands(batch, window, c, Math.ceil(reachOf(y) / y.stride)).entries())
    for (const [band, part] of bands.entries()) {
      const turn = (depths ? 2 * (image % z.size) : 0) + (parities ? band % 2 : 0);
      turns.set(turn, [...(turns.get(turn) ?? []), part]);
    }
  return [...turns.keys()].sort((a, b) => a - b).map((turn) => turns.get(turn)!);
}
