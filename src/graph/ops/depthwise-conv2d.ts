import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { resolveWindow, type Window, type WindowAttributes } from '../../core/window.ts';
import type { Op, Site } from '../op.ts';

export interface DepthwiseConv2dAttributes extends WindowAttributes {}

type DepthwiseSite = Site<DepthwiseConv2dAttributes>;

const windowOf = once(
  ({ inputs, parameters, attributes }: DepthwiseSite): Window =>
    resolveWindow('depthwiseConv2d', inputs[0]!, [parameters.filters![0]!, parameters.filters![1]!], attributes),
);

const tapsOf = ({ parameters }: DepthwiseSite): number => parameters.filters![0]! * parameters.filters![1]!;

/**
 * 2D convolution of each channel with a filter of its own, channels last:
 * y[b,i,j,c] = Σ x[b, i·s + p·d − before, j·s + q·d − before, c] · filters[p,q,c,0] + bias[c].
 * Input [N,H,W,C], filters [kh,kw,C,1], bias [C].
 */
export const depthwiseConv2d: Op<DepthwiseConv2dAttributes> = {
  name: 'depthwiseConv2d',
  roles: ['filters', 'bias?'],
  activates: true,

  shape(inputs, attributes, { filters, bias }) {
    const x = inputs[0];
    if (inputs.length !== 1 || x?.length !== 4)
      throw new ShapeError(`depthwiseConv2d: input must be one [N,H,W,C], got ${inputs.map(formatShape).join(' ')}`);
    if (filters!.length !== 4 || filters![3] !== 1)
      throw new ShapeError(`depthwiseConv2d: filters must be [kh,kw,C,1], got ${formatShape(filters!)}`);
    if (x[3] !== filters![2])
      throw new ShapeError(
        `depthwiseConv2d: input has ${x[3]} channels, filters expect ${filters![2]} (input ${formatShape(x)}, filters ${formatShape(filters!)})`,
      );
    if (bias && (bias.length !== 1 || bias[0] !== x[3]))
      throw new ShapeError(`depthwiseConv2d: bias must be [${x[3]}], got ${formatShape(bias)}`);
    const window = resolveWindow('depthwiseConv2d', x, [filters![0]!, filters![1]!], attributes);
    return [x[0]!, window.y.size, window.x.size, x[3]!];
  },

  macs: (site) => elementsOf(site.output) * tapsOf(site),

  weights: {
    channels: (site) => site.output[3]!,
    packedBytes: (site) => Math.ceil(site.output[3]! / 4) * 4 * tapsOf(site) * 4,
    pack(kernels, site, packed, filters) {
      kernels.f32_depthwise_pack(packed, filters, tapsOf(site), site.output[3]!);
    },
  },

  forward(kernels, site, at) {
    const [batch, h, w, c] = site.inputs[0]!;
    const { y, x } = windowOf(site);
    const { slope, lo, hi } = site.activation;
    kernels.f32_depthwise_conv2d(
      at.output,
      at.inputs[0]!,
      at.weights,
      at.bias,
      batch!,
      h!,
      w!,
      c!,
      y.size,
      x.size,
      y.kernel,
      x.kernel,
      y.before,
      x.before,
      y.stride,
      x.stride,
      y.dilation,
      x.dilation,
      slope,
      lo,
      hi,
    );
  },
};
