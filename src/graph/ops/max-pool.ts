import { elementsOf } from '../../core/shape.ts';
import type { Op } from '../op.ts';
import { type PoolAttributes, poolLayout, poolShape } from './pool-window.ts';

export interface MaxPoolAttributes extends PoolAttributes {}

/**
 * Largest real cell of each window, channel by channel; padding never wins, NaN always does.
 * Input [N,W,C], [N,H,W,C] or [N,D,H,W,C], output the same with its own spatial sizes.
 *
 * Gradient: to the cell that won, the first of equals. A plan with gradients keeps where those lie, and unpools by them
 * under every rule (the switches of Zeiler & Fergus 2014).
 */
export const maxPool: Op<MaxPoolAttributes> = {
  name: 'maxPool',
  shape: poolShape('maxPool'),

  forward(_, site, { inputs, output, state }, machine) {
    const { parts } = poolLayout(site);
    const itemBytes = elementsOf(site.inputs[0]!.slice(1)) * 4;
    if (state === 0)
      machine.each(
        'f32_max_pool',
        parts.map((part) => [output + part.output, inputs[0]! + part.input, part.planes, ...part.sizes] as const),
      );
    else
      machine.each(
        'f32_max_pool_positions',
        parts.map((part) => {
          const first = (part.input % itemBytes) / 4 / site.output.at(-1)!;
          const [to, positions, from] = [output + part.output, state + part.output, inputs[0]! + part.input];
          return [to, positions, from, first, part.planes, ...part.sizes] as const;
        }),
      );
  },

  backward: {
    state: (site) => elementsOf(site.output) * 4,
    run(kernels, site, { outputGradient, inputGradients, state }, { memory }) {
      const [input, output] = [elementsOf(site.inputs[0]!) * 4, elementsOf(site.output) * 4];
      const [batch, c] = [site.output[0]!, site.output.at(-1)!];
      const to = inputGradients[0]!;
      memory.u8(to, input).fill(0);
      for (let item = 0; item < batch; item++) {
        const at = (item * output) / batch;
        const pixels = output / batch / c / 4;
        kernels.f32_max_unpool(to + (item * input) / batch, outputGradient + at, state + at, pixels, c);
      }
    },
  },
};
