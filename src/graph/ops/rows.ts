import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

export interface RowsAttributes {
  /** The first row, from 0. */
  readonly from: number;
  readonly count: number;
}

/** Some rows of a batch, `from` and those behind it: [N,…] → [count,…]. Gradient: that of the rows, 0 for all others. */
export const rows: Op<RowsAttributes> = {
  name: 'rows',
  binary: learning,
  shape(inputs, { from, count }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length === 0)
      throw new ShapeError(`rows: input must be one [N,…], got ${inputs.map(formatShape).join(' ')}`);
    if (!Number.isInteger(from) || !Number.isInteger(count) || from < 0 || count < 1 || from + count > x[0]!)
      throw new ShapeError(`rows: needs 1 row or more within ${x[0]}, got ${count} from ${from}`);
    return [count, ...x.slice(1)];
  },
  forward(kernels, { output, attributes }, at) {
    const n = elementsOf(output);
    const offset = (n / attributes.count) * attributes.from * 4;
    kernels.f32_copy_rows(at.output, at.inputs[0]! + offset, 1, n, 0, 0);
  },
  backward: {
    run(kernels, { inputs, output, attributes }, at, { memory }) {
      const n = elementsOf(output);
      const to = at.inputGradients[0]!;
      memory.u8(to, elementsOf(inputs[0]!) * 4).fill(0);
      kernels.f32_copy_rows(to + (n / attributes.count) * attributes.from * 4, at.outputGradient, 1, n, 0, 0);
    },
  },
};
