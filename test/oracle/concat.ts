import { elementsOf } from '../../src/core/shape.ts';
import type { ConcatAttributes } from '../../src/graph/ops/concat.ts';
import type { OpOracle, Tensors } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

/** For each cell of the output the input it shows, and the flat index there. */
function sources(tensors: Tensors, { axis }: ConcatAttributes): { name: string; at: number }[] {
  const inputs = Object.entries(tensors);
  const first = inputs[0]![1].shape;
  const along = axis ?? first.length - 1;
  const outer = elementsOf(first.slice(0, along));
  const partOf = ([name, { shape }]: [string, Tensor], row: number) => {
    const n = elementsOf(shape.slice(along));
    return Array.from({ length: n }, (_, i) => ({ name, at: row * n + i }));
  };
  return Array.from({ length: outer }, (_, row) => inputs.flatMap((input) => partOf(input, row))).flat();
}

export const concatOracle: OpOracle<ConcatAttributes> = {
  forward: (tensors, attributes) =>
    Float64Array.from(sources(tensors, attributes), ({ name, at }) => tensors[name]!.values[at]!),
  gradients(tensors, attributes, gradient) {
    const all = Object.fromEntries(
      Object.entries(tensors).map(([name, { values }]) => [name, new Float64Array(values.length)]),
    );
    for (const [i, { name, at }] of sources(tensors, attributes).entries()) all[name]![at] = gradient[i]!;
    return all;
  },
};
