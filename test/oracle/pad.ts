import { elementsOf } from '../../src/core/shape.ts';
import type { PadAttributes } from '../../src/graph/ops/pad.ts';
import type { OpOracle } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

/** For each output cell the flat index of the input cell that it shows, −1 for a zero. */
function sources(x: Tensor, { before, after, mode = 'zero' }: PadAttributes): number[] {
  const shape = x.shape.map((size, i) => before[i]! + size + after[i]!);
  return Array.from({ length: elementsOf(shape) }, (_, at) => {
    let rest = at;
    let from = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const last = x.shape[axis]! - 1;
      let index = (rest % shape[axis]!) - before[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (mode === 'reflect') index = last - Math.abs(last - Math.abs(index));
      if (index < 0 || index > last) return -1;
      from += index * step;
      step *= x.shape[axis]!;
    }
    return from;
  });
}

export const padOracle: OpOracle<PadAttributes> = {
  forward: ({ x0 }, attributes) =>
    Float64Array.from(sources(x0!, attributes), (from) => (from < 0 ? 0 : x0!.values[from]!)),
  gradients({ x0 }, attributes, gradient) {
    const dx = new Float64Array(x0!.values.length);
    for (const [i, from] of sources(x0!, attributes).entries()) if (from >= 0) dx[from]! += gradient[i]!;
    return { x0: dx };
  },
};
