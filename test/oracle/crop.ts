import type { CropAttributes } from '../../src/graph/ops/crop.ts';
import type { OpOracle } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

/** For each output cell the flat index of the input cell that it shows. */
function sources({ shape }: Tensor, { before, after }: CropAttributes): number[] {
  let cells = [0];
  for (const [axis, size] of shape.entries()) {
    const kept = Array.from({ length: size - before[axis]! - after[axis]! }, (_, i) => before[axis]! + i);
    cells = cells.flatMap((cell) => kept.map((i) => cell * size + i));
  }
  return cells;
}

export const cropOracle: OpOracle<CropAttributes> = {
  forward: ({ x0 }, attributes) => Float64Array.from(sources(x0!, attributes), (from) => x0!.values[from]!),
  gradients({ x0 }, attributes, gradient) {
    const dx = new Float64Array(x0!.values.length);
    for (const [i, from] of sources(x0!, attributes).entries()) dx[from]! += gradient[i]!;
    return { x0: dx };
  },
};
