import { elementsOf } from '../../core/shape.ts';
import type { Op, Site } from '../op.ts';
import { type PoolAttributes, poolLayout, poolSeen, poolShape } from './pool-window.ts';

export interface MaxPoolAttributes extends PoolAttributes {}

const itemBytes = (site: Site<MaxPoolAttributes>): number => elementsOf(site.inputs[0]!.slice(1)) * 4;

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
  seen: poolSeen,

  forward(_, site, { inputs, output, state }, machine) {
    const { parts } = poolLayout(site);
    if (state === 0)
      machine.each(
        'f32_max_pool',
        parts.map((part) => [output + part.output, inputs[0]! + part.input, part.planes, ...part.sizes] as const),
      );
    else
      machine.each(
        'f32_max_pool_positions',
        parts.map((part) => {
          const first = (part.input % itemBytes(site)) / 4 / site.output.at(-1)!;
          const [to, positions, from] = [output + part.output, state + part.output, inputs[0]! + part.input];
          return [to, positions, from, first, part.planes, ...part.sizes] as const;
        }),
      );
  },

  backward: {
    state: (site) => elementsOf(site.output) * 4,
    run(_, site, { outputGradient, inputGradients, state }, machine) {
      const to = inputGradients[0]!;
      const c = site.output.at(-1)!;
      machine.memory.u8(to, elementsOf(site.inputs[0]!) * 4).fill(0);
      for (const parts of poolLayout(site).turns)
        machine.each(
          'f32_max_unpool',
          parts.map(({ output, input, sizes: [, , , rows, columns] }) => {
            const item = to + input - (input % itemBytes(site));
            return [item, outputGradient + output, state + output, rows * columns, c] as const;
          }),
        );
    },
  },
};
