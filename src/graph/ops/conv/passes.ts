import { once } from '../../../core/once.ts';
import { elementsOf } from '../../../core/shape.ts';
import { cellsSeen, cellsSeenBack } from '../../../core/window.ts';
import { identity, type Op, type Site, type WeightForm } from '../../op.ts';
import type { Algorithm } from './algorithm.ts';
import { chooseAlgorithm, chooseFilterGradient } from './choose.ts';
import { type Geometry, inputPixels, macsOf, outputPixels } from './geometry.ts';
import { chooseInputGradient } from './input-gradient.ts';

/**
 * The passes of an op that is a convolution or the transpose of one: each one's forward pass is the other's gradient in
 * the input.
 * @param geometryAt the convolution; for a transpose the one from the op's output to its input
 * @__NO_SIDE_EFFECTS__
 */
export function passesOf<A extends object>(
  geometryAt: (site: Site<A>) => Geometry,
  transposed: boolean,
): Pick<Op<A>, 'seen' | 'kernel' | 'macs' | 'scratch' | 'weights' | 'forward' | 'backward'> {
  const geometry = once(geometryAt);
  const along = once((site: Site<A>): Algorithm => chooseAlgorithm(geometry(site)));
  const against = once((site: Site<A>): Algorithm => chooseInputGradient(geometry(site)));
  const [forward, backward] = transposed ? [against, along] : [along, against];
  const channelsOut = ({ c, n }: Geometry): number => (transposed ? c : n);
  /** Bytes of a bias of zeros: a gradient has none. */
  const zeroBias = ({ c, n }: Geometry): number => ((transposed ? n : c) + 8) * 4;

  const formOf = (algorithm: (site: Site<A>) => Algorithm): WeightForm<A> => ({
    packedBytes: (site) => algorithm(site).packedBytes(geometry(site)),
    packScratch: (site) => algorithm(site).packScratch(geometry(site)),
    pack: (_, site, packed, filters, scratch, machine) =>
      algorithm(site).pack(machine, geometry(site), packed, filters, scratch),
  });

  return {
    seen: (site) => (transposed ? cellsSeenBack : cellsSeen)(geometry(site).window, site.output.length - 2),
    kernel: (site) => forward(site).name,
    macs: (site) => macsOf(geometry(site)),
    scratch: (site, threads) => forward(site).scratch(geometry(site), threads),
    weights: {
      channels: (site) => channelsOut(geometry(site)),
      behindChannel: (site) => (transposed ? geometry(site).n : 1),
      ...formOf(forward),
    },

    forward(kernels, site, at, machine) {
      const { output, weights, bias, residual, linear, scratch } = at;
      const addresses = { input: at.inputs[0]!, output, weights, bias, residual, linear, scratch };
      const algorithm = forward(site);
      const { activation } = site;
      if (algorithm.adds || (residual === 0 && linear === 0)) {
        algorithm.run(machine, geometry(site), addresses, activation);
        return;
      }
      const n = elementsOf(site.output);
      const sum = linear === 0 ? output : linear;
      // The residual may lie where the sum goes.
      const result = residual === 0 ? sum : output;
      algorithm.run(machine, geometry(site), { ...addresses, output: result }, identity);
      const { slope, lo, hi } = linear === 0 ? activation : identity;
      if (residual !== 0) kernels.f32_add(sum, result, residual, n, slope, lo, hi);
      if (linear !== 0) kernels.f32_activate(output, linear, n, activation.slope, activation.lo, activation.hi);
    },

    backward: {
      reads: (_, wanted) => (wanted.parameters.filters ? ['inputs'] : []),
      weights: formOf(backward),
      scratch(site, wanted, threads) {
        const g = geometry(site);
        const forInput = wanted.inputs[0] ? zeroBias(g) + backward(site).scratch(g, threads) : 0;
        const forFilters = wanted.parameters.filters ? chooseFilterGradient(g).scratch(g, threads) : 0;
        return Math.max(forInput, forFilters);
      },
      run(kernels, site, at, machine) {
        const g = geometry(site);
        const { outputGradient, backwardWeights: weights, backwardScratch } = at;
        const [output] = at.inputGradients;
        const { filters, bias } = at.parameterGradients;
        if (output) {
          machine.memory.u8(backwardScratch, zeroBias(g)).fill(0);
          const scratch = backwardScratch + zeroBias(g);
          const addresses = { input: outputGradient, output, weights, bias: backwardScratch, scratch };
          backward(site).run(machine, g, addresses, identity);
        }
        if (filters) {
          const x = at.inputs[0]!;
          const [input, gradient] = transposed ? [outputGradient, x] : [x, outputGradient];
          const addresses = { input, gradient, output: filters, scratch: backwardScratch };
          chooseFilterGradient(g).run(machine, g, addresses);
        }
        if (bias) {
          const pixels = g.batch * (transposed ? inputPixels(g) : outputPixels(g));
          kernels.f32_channel_sum(bias, outputGradient, pixels, channelsOut(g));
        }
      },
    },
  };
}
