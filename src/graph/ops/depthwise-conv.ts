import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import {
  cellsSeen,
  reachOf,
  resolveWindow,
  type Window,
  type WindowAttributes,
  type WindowAxis,
  windowSizes,
} from '../../core/window.ts';
import type { Machine } from '../../runtime/machine.ts';
import { type Activation, identity, type Op, type Site } from '../op.ts';
import { type WindowPart, windowParts, windowTurns } from './window-parts.ts';

export interface DepthwiseConvAttributes extends WindowAttributes {}

type DepthwiseSite = Site<DepthwiseConvAttributes>;

const kernelOf = ({ parameters }: DepthwiseSite): readonly number[] => parameters.filters!.slice(0, -2);
const tapsOf = (site: DepthwiseSite): number => elementsOf(kernelOf(site));
const channelsOf = ({ output }: DepthwiseSite): number => output.at(-1)!;
const packedBytes = (site: DepthwiseSite): number => Math.ceil(channelsOf(site) / 4) * 4 * tapsOf(site) * 4;
const zerosBytes = (site: DepthwiseSite): number => Math.ceil(channelsOf(site) / 4) * 16;

const windowOf = (site: DepthwiseSite): Window =>
  resolveWindow('depthwiseConv', site.inputs[0]!, kernelOf(site), site.attributes);

/**
 * The window that carries the gradient back: in steps of 1 it slides over the output with the filters from last to first.
 * Undefined for other steps, and where the padding is wider than the window.
 */
function flipped({ z, y, x }: Window): Window | undefined {
  const [fz, fy, fx] = [z, y, x].map((axis): WindowAxis | undefined => {
    const before = reachOf(axis) - 1 - axis.before;
    const after = reachOf(axis) - 1 - axis.after;
    if (axis.stride !== 1 || before < 0 || after < 0) return undefined;
    return { ...axis, input: axis.size, size: axis.input, before, after };
  });
  return fz && fy && fx && { z: fz, y: fy, x: fx };
}

/** How a site is laid out for the kernels, forwards and backwards. */
const layoutOf = once((site: DepthwiseSite) => {
  const window = windowOf(site);
  const back = flipped(window);
  const [batch, c] = [site.output[0]!, channelsOf(site)];
  const dilations = [window.z.dilation, window.y.dilation, window.x.dilation] as const;
  return {
    dilations,
    /** Bytes of one plane of the window in packed filters, for one channel. */
    plane: window.y.kernel * window.x.kernel * 4,
    parts: windowParts(batch, window, c),
    turns: windowTurns(batch, window, c),
    backward: back && windowParts(batch, back, c),
  };
});

/** Bytes of the sums that each part of the gradient in the filters has. */
const sumsBytes = (site: DepthwiseSite): number =>
  layoutOf(site).parts.length * elementsOf(site.parameters.filters!) * 4;

/** The convolution part by part: packed filters lie in groups of four channels. */
function convolve(
  machine: Machine,
  site: DepthwiseSite,
  parts: readonly WindowPart[],
  at: { readonly input: number; readonly output: number; readonly weights: number; readonly bias: number },
  { slope, lo, hi }: Activation,
): void {
  const { dilations, plane } = layoutOf(site);
  const taps = tapsOf(site);
  machine.each(
    'f32_depthwise_conv',
    parts.map(({ output, input, planes, tap, sizes }) => {
      const weights = at.weights + tap * plane * 4;
      const addresses = [at.output + output, at.input + input, weights, at.bias] as const;
      return [...addresses, planes, ...sizes, ...dilations, taps, slope, lo, hi] as const;
    }),
  );
}

/** Any other gradient in the input: each part of the gradient is added to the images that its windows came from. */
function scatter(machine: Machine, site: DepthwiseSite, dx: number, gradient: number, weights: number): void {
  const { dilations, plane, turns } = layoutOf(site);
  const taps = tapsOf(site);
  machine.memory.u8(dx, elementsOf(site.inputs[0]!) * 4).fill(0);
  for (const parts of turns)
    machine.each(
      'f32_depthwise_scatter',
      parts.map(({ output, input, planes, tap, sizes }) => {
        const first = weights + (taps - 1) * 16 - tap * plane * 4;
        return [dx + input, gradient + output, first, planes, ...sizes, ...dilations, taps] as const;
      }),
    );
}

/** Each part of the gradient has a sum of its own in `scratch`; they are added in order. */
function filterGradient(
  machine: Machine,
  site: DepthwiseSite,
  filters: number,
  x: number,
  gradient: number,
  scratch: number,
): void {
  const { dilations, plane, parts } = layoutOf(site);
  const c = channelsOf(site);
  const elements = elementsOf(site.parameters.filters!);
  machine.memory.u8(scratch, parts.length * elements * 4).fill(0);
  machine.each(
    'f32_depthwise_filter_gradient',
    parts.map(({ output, input, planes, tap, sizes }, i) => {
      const to = scratch + i * elements * 4 + tap * plane * c;
      return [to, x + input, gradient + output, planes, ...sizes, ...dilations] as const;
    }),
  );
  machine.kernels.f32_channel_sum(filters, scratch, parts.length, elements);
}

/**
 * Convolution of each channel with a filter of its own, of rank 1, 2 or 3, channels last:
 * y[b,i,c] = Σ_p x[b, i·stride + p·dilation − before, c] · filters[p,c,0] + bias[c].
 * Input [N,W,C], [N,H,W,C] or [N,D,H,W,C], filters [...kernel,C,1], bias [C].
 */
export const depthwiseConv: Op<DepthwiseConvAttributes> = {
  name: 'depthwiseConv',
  roles: ['filters', 'bias?'],
  activates: true,

  shape(inputs, attributes, { filters, bias }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3 || x.length > 5)
      throw new ShapeError(
        `depthwiseConv: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${inputs.map(formatShape).join(' ')}`,
      );
    const c = x.at(-1)!;
    if (filters!.length !== x.length || filters!.at(-1) !== 1)
      throw new ShapeError(
        `depthwiseConv: filters of input ${formatShape(x)} must be [${['kd', 'kh', 'kw'].slice(5 - x.length)},C,1], got ${formatShape(filters!)}`,
      );
    if (filters!.at(-2) !== c)
      throw new ShapeError(
        `depthwiseConv: input has ${c} channels, filters expect ${filters!.at(-2)} (input ${formatShape(x)}, filters ${formatShape(filters!)})`,
      );
    if (bias && (bias.length !== 1 || bias[0] !== c))
      throw new ShapeError(`depthwiseConv: bias must be [${c}], got ${formatShape(bias)}`);
    const window = resolveWindow('depthwiseConv', x, filters!.slice(0, -2), attributes);
    return [x[0]!, ...windowSizes(window, x.length - 2), c];
  },

  seen: (site) => cellsSeen(windowOf(site), site.output.length - 2),
  macs: (site) => elementsOf(site.output) * tapsOf(site),

  weights: {
    channels: channelsOf,
    packedBytes,
    pack: (kernels, site, packed, filters) =>
      kernels.f32_depthwise_pack(packed, filters, tapsOf(site), channelsOf(site)),
  },

  forward(_, site, { inputs, output, weights, bias }, machine) {
    convolve(machine, site, layoutOf(site).parts, { input: inputs[0]!, output, weights, bias }, site.activation);
  },

  backward: {
    reads: (_, wanted) => (wanted.parameters.filters ? ['inputs'] : []),
    scratch: (site, wanted) =>
      Math.max(
        wanted.inputs[0] && layoutOf(site).backward ? zerosBytes(site) : 0,
        wanted.parameters.filters ? sumsBytes(site) : 0,
      ),
    weights: {
      packedBytes,
      packScratch: (site) => elementsOf(site.parameters.filters!) * 4,
      pack(kernels, site, packed, filters, scratch) {
        kernels.f32_filters_flip(scratch, filters, tapsOf(site), channelsOf(site), 1);
        kernels.f32_depthwise_pack(packed, scratch, tapsOf(site), channelsOf(site));
      },
    },
    run(kernels, site, at, machine) {
      const { outputGradient, backwardWeights: weights, backwardScratch: scratch } = at;
      const { backward } = layoutOf(site);
      const [dx] = at.inputGradients;
      const { filters, bias } = at.parameterGradients;
      if (dx && backward) {
        machine.memory.u8(scratch, zerosBytes(site)).fill(0);
        convolve(machine, site, backward, { input: outputGradient, output: dx, weights, bias: scratch }, identity);
      } else if (dx) {
        scatter(machine, site, dx, outputGradient, weights);
      }
      if (filters) filterGradient(machine, site, filters, at.inputs[0]!, outputGradient, scratch);
      const c = channelsOf(site);
      if (bias) kernels.f32_channel_sum(bias, outputGradient, elementsOf(site.output) / c, c);
    },
  },
};
