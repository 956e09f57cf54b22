import { elementsOf } from '../../core/shape.ts';
import type { Op, Site } from '../op.ts';
import { type PoolAttributes, poolLayout, poolSeen, poolShape } from './pool-window.ts';

export interface AveragePoolAttributes extends PoolAttributes {
  /**
   * True: padding counts as cells of value 0 (PyTorch's default). False: only real cells are counted (TensorFlow's, and
   * ONNX's default). Default: false.
   */
  readonly countPadding?: boolean;
}

/** Cells that each window counts, 0 for the real ones. */
function countedCells(site: Site<AveragePoolAttributes>): number {
  const { z, y, x } = poolLayout(site).window;
  return site.attributes.countPadding ? z.kernel * y.kernel * x.kernel : 0;
}

/**
 * Mean of each window, channel by channel. Input [N,W,C], [N,H,W,C] or [N,D,H,W,C], output the same with its own spatial
 * sizes.
 */
export const averagePool: Op<AveragePoolAttributes> = {
  name: 'averagePool',
  shape: poolShape('averagePool'),
  seen: poolSeen,

  forward(_, site, { inputs, output }, machine) {
    const counted = countedCells(site);
    machine.each(
      'f32_average_pool',
      poolLayout(site).parts.map(
        (part) => [output + part.output, inputs[0]! + part.input, part.planes, ...part.sizes, counted] as const,
      ),
    );
  },

  backward: {
    run(_, site, at, machine) {
      const dx = at.inputGradients[0]!;
      const counted = countedCells(site);
      machine.memory.u8(dx, elementsOf(site.inputs[0]!) * 4).fill(0);
      for (const parts of poolLayout(site).turns)
        machine.each(
          'f32_average_pool_gradient',
          parts.map(
            ({ output, input, planes, sizes }) =>
              [dx + input, at.outputGradient + output, planes, ...sizes, counted] as const,
          ),
        );
    },
  },
};
