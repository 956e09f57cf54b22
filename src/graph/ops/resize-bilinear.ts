import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, pairOf } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';

/**
 * Where output cell i lies in the input. `'asymmetric'`: i · in/out (tfjs's default). `'align-corners'`:
 * i · (in − 1)/(out − 1), so that the corner cells meet. `'half-pixel'`: (i + ½) · in/out − ½, so that the borders do
 * (ONNX's and PyTorch's default).
 */
export type ResizeCoordinates = 'asymmetric' | 'align-corners' | 'half-pixel';

export interface ResizeBilinearAttributes {
  /** New height and width. */
  readonly size: readonly [number, number];
  readonly coordinates: ResizeCoordinates;
}

const conventions: readonly ResizeCoordinates[] = ['asymmetric', 'align-corners', 'half-pixel'];

/** Cells of the input for each cell of the output. */
function scaleOf(coordinates: ResizeCoordinates, input: number, output: number): number {
  if (coordinates !== 'align-corners') return input / output;
  return output > 1 ? (input - 1) / (output - 1) : 0;
}

const halfOf = (coordinates: ResizeCoordinates): number => (coordinates === 'half-pixel' ? 0.5 : 0);

/** What kernels are told. */
const sizesOf = ({ inputs, attributes }: Site<ResizeBilinearAttributes>) => {
  const [batch, h, w, c] = inputs[0] as [number, number, number, number];
  const { coordinates, size } = attributes;
  const scales = [scaleOf(coordinates, h, size[0]), scaleOf(coordinates, w, size[1])] as const;
  return [batch, h, w, c, ...size, ...scales, halfOf(coordinates)] as const;
};

/**
 * Bilinear interpolation of height and width: each output cell mixes the four input cells around its place, which is kept
 * inside the input. It does not average where it shrinks. Input [N,H,W,C], output [N,h,w,C].
 */
export const resizeBilinear: Op<ResizeBilinearAttributes> = {
  name: 'resizeBilinear',
  binary: learning,
  shape(inputs, { size, coordinates }) {
    const x = inputs[0];
    if (inputs.length !== 1 || x?.length !== 4)
      throw new ShapeError(`resizeBilinear: input must be one [N,H,W,C], got ${inputs.map(formatShape).join(' ')}`);
    if (!conventions.includes(coordinates))
      throw new ShapeError(`resizeBilinear: coordinates must be one of ${conventions.join(', ')}, got ${coordinates}`);
    if (!Array.isArray(size)) throw new ShapeError(`resizeBilinear: size must be [height, width], got ${size}`);
    const [h, w] = pairOf('resizeBilinear', 'size', size, 1, 1);
    return [x[0]!, h, w, x[3]!];
  },
  seen: ({ inputs: [x], attributes: { size, coordinates } }) =>
    size.map((output, axis) => {
      const stride = scaleOf(coordinates, x![axis + 1]!, output);
      const place = halfOf(coordinates) * (stride - 1);
      return { stride, first: place - 1, last: place + 1 };
    }),
  forward(kernels, site, at) {
    kernels.f32_resize_bilinear(at.output, at.inputs[0]!, ...sizesOf(site));
  },

  backward: {
    run(kernels, site, at, { memory }) {
      const dx = at.inputGradients[0]!;
      memory.u8(dx, elementsOf(site.inputs[0]!) * 4).fill(0);
      kernels.f32_resize_bilinear_gradient(dx, at.outputGradient, ...sizesOf(site));
    },
  },
};
