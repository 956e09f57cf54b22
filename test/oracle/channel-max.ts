import type { OpOracle } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

/** For each item and channel the cell that wins: the first NaN, otherwise the first of the largest. */
function winners({ shape, values }: Tensor): { cell: number; at: number }[] {
  const [batch, c] = [shape[0]!, shape.at(-1)!];
  const cells = values.length / batch / c;
  return Array.from({ length: batch * c }, (_, i) => {
    const indexOf = (cell: number): number => (Math.floor(i / c) * cells + cell) * c + (i % c);
    let best = 0;
    for (let cell = 1; cell < cells; cell++) {
      const [a, b] = [values[indexOf(best)]!, values[indexOf(cell)]!];
      if (!Number.isNaN(a) && (Number.isNaN(b) || b > a)) best = cell;
    }
    return { cell: best, at: indexOf(best) };
  });
}

export const channelMaxOracle: OpOracle = {
  forward: ({ x0 }) => Float64Array.from(winners(x0!).flatMap(({ cell, at }) => [x0!.values[at]!, cell])),
  gradients({ x0 }, _, gradient) {
    const dx = new Float64Array(x0!.values.length);
    for (const [i, { at }] of winners(x0!).entries()) dx[at] = gradient[2 * i]!;
    return { x0: dx };
  },
};
