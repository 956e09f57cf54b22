import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { identity, type Op, type Site } from '../op.ts';
import { panelsBytes, product, productScratch } from './conv/gemm.ts';
import { piecesFor, ranges } from './conv/pieces.ts';

/** Bytes of a bias of zeros: a gradient has none. */
const zerosBytes = ({ inputs }: Site): number => Math.ceil(inputs[0]![1]! / 8) * 32;

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
  scratch: (_, threads) => productScratch(threads),

  weights: {
    channels: (site) => site.output[1]!,
    packedBytes: ({ inputs, output }) => panelsBytes(inputs[0]![1]!, output[1]!),
    pack(kernels, { inputs, output }, packed, filters) {
      kernels.f32_gemm_pack(packed, filters, inputs[0]![1]!, output[1]!, output[1]! * 4);
    },
  },

  forward(_, { inputs, output, activation }, at, machine) {
    const [rows, c] = inputs[0]!;
    product(machine, [rows!, output[1]!, c!], { ...at, input: at.inputs[0]! }, activation);
  },

  backward: {
    reads: (_, wanted) => (wanted.parameters.filters ? ['inputs'] : []),
    scratch: (site, wanted, threads) => (wanted.inputs[0] ? zerosBytes(site) + productScratch(threads) : 0),
    weights: {
      packedBytes: ({ inputs, output }) => panelsBytes(output[1]!, inputs[0]![1]!),
      packScratch: ({ parameters }) => elementsOf(parameters.filters!) * 4,
      pack(kernels, { inputs, output }, packed, filters, scratch) {
        const [c, n] = [inputs[0]![1]!, output[1]!];
        kernels.f32_transpose(scratch, filters, c, n, n * 4);
        kernels.f32_gemm_pack(packed, scratch, n, c, c * 4);
      },
    },
    run(kernels, site, at, machine) {
      const [rows, c] = site.inputs[0] as [number, number];
      const n = site.output[1]!;
      const { outputGradient, backwardWeights: weights, backwardScratch: zeros } = at;
      const [dx] = at.inputGradients;
      const { filters, bias } = at.parameterGradients;
      if (dx) {
        machine.memory.u8(zeros, zerosBytes(site)).fill(0);
        const scratch = zeros + zerosBytes(site);
        const addresses = { input: outputGradient, output: dx, weights, bias: zeros, scratch };
        product(machine, [rows, c, n], addresses, identity);
      }
      if (filters)
        machine.each(
          'f32_gemm_at',
          ranges(n, piecesFor(rows * c * n), 8).map(([column, columns]) => {
            const [x, gradient] = [at.inputs[0]!, outputGradient + column * 4];
            return [filters + column * 4, x, gradient, c, columns, 1, rows, n * 4, 0, c * 4, 0, n * 4, false] as const;
          }),
        );
      if (bias) kernels.f32_channel_sum(bias, outputGradient, rows, n);
    },
  },
};
