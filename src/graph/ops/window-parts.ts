import { type Window, windowOutputs } from '../../core/window.ts';
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

/** The images cut into rows, for threads: no two parts share an output. */
export function windowParts(batch: number, window: Window, c: number): readonly WindowPart[] {
  const images = windowImages(batch, window, c);
  const { z, y, x } = window;
  const work = batch * windowOutputs(window) * c * z.kernel * y.kernel * x.kernel;
  const bands = ranges(y.size, Math.ceil(piecesFor(work) / images.length));
  return images.flatMap((image) =>
    bands.map(([row, rows]): WindowPart => {
      const [h, w, , , outW, kernelY, kernelX, top, ...rest] = image.sizes;
      const output = image.output + row * outW * c * 4;
      return { ...image, output, sizes: [h, w, c, rows, outW, kernelY, kernelX, top - row * y.stride, ...rest] };
    }),
  );
}
