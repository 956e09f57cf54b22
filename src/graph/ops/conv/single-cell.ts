import type { WindowAxis } from '../../../core/window.ts';
import type { Algorithm } from './algorithm.ts';
import { gemm } from './gemm.ts';
import type { Geometry } from './geometry.ts';

/** The tap that lies on the one cell of an axis, undefined where it has more cells or none does. */
function tapOnCell({ input, size, before, dilation }: WindowAxis): number | undefined {
  return input === 1 && size === 1 && before % dilation === 0 ? before / dilation : undefined;
}

/** The one tap of a window that meets a real cell, where input and output are single cells: the others see padding. */
export function onlyTap({ groups, window: { z, y, x } }: Geometry): number | undefined {
  const [tz, ty, tx] = [z, y, x].map(tapOnCell);
  if (groups > 1 || tz === undefined || ty === undefined || tx === undefined) return undefined;
  return (tz * y.kernel + ty) * x.kernel + tx;
}

/** A window over a single cell: the product with the one tap that lies on it; the rest of the filters is not even kept. */
export const singleCell: Algorithm = {
  ...gemm,
  name: 'single_cell',
  pack: (machine, g, packed, filters, scratch) =>
    gemm.pack(machine, g, packed, filters + onlyTap(g)! * g.c * g.n * 4, scratch),
};
