import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import type { Op } from '../op.ts';

const TILE_BYTES = 128;

/** Fully connected layer, y[n,o] = Σ x[n,c] · filters[c,o] + bias[o]. Input [N,C], filters [C,Co], bias [Co]. */
export const dense: Op = {
  name: 'dense',
  roles: ['filters', 'bias?'],
  activates: true,

  shape(inputs, _, { filters, bias }) {
    const x = inputs[0];
    if (inputs.length !== 1 || x?.length !== 2)
      throw new ShapeError(`dense: input must be one [N,C], got ${inputs.map(formatShape).join(' ')}`);
    if (filters!.length !== 2) throw new ShapeError(`dense: filters must be [C,Co], got ${formatShape(filters!)}`);
    if (x[1] !== filters![0])
      throw new ShapeError(
        `dense: input has ${x[1]} channels, filters expect ${filters![0]} (input ${formatShape(x)}, filters ${formatShape(filters!)})`,
      );
    if (bias && (bias.length !== 1 || bias[0] !== filters![1]))
      throw new ShapeError(`dense: bias must be [${filters![1]}], got ${formatShape(bias)}`);
    return [x[0]!, filters![1]!];
  },

  kernel: () => 'gemm',
  macs: ({ inputs, output }) => output[0]! * output[1]! * inputs[0]![1]!,
  scratch: () => TILE_BYTES,

  weights: {
    channels: (site) => site.output[1]!,
    packedBytes: ({ inputs, output }) => Math.ceil(output[1]! / 8) * 8 * inputs[0]![1]! * 4,
    pack(kernels, { inputs, output }, packed, filters) {
      kernels.f32_gemm_pack(packed, filters, inputs[0]![1]!, output[1]!, output[1]! * 4);
    },
  },

  forward(kernels, site, at) {
    const [rows, c] = site.inputs[0]!;
    const n = site.output[1]!;
    const { slope, lo, hi } = site.activation;
    kernels.f32_gemm_4x8(
      at.output,
      at.inputs[0]!,
      at.weights,
      at.bias,
      at.scratch,
      rows!,
      n,
      c!,
      n * 4,
      c! * 4,
      slope,
      lo,
      hi,
    );
  },
};
