import { ShapeError } from '../../../core/errors.ts';
import { formatShape, type Shape } from '../../../core/shape.ts';
import {
  isPadded,
  reachOf,
  resolveWindow,
  type Window,
  type WindowAttributes,
  type WindowAxis,
  windowSizes,
} from '../../../core/window.ts';

export interface ConvAttributes extends WindowAttributes {
  /** Channels are cut into this many groups, each with filters of its own. Default 1. */
  readonly groups?: number;
}

/** A convolution of rank 1 to 3 with everything resolved, on three spatial axes. */
export interface Geometry {
  readonly batch: number;
  /** Channels of the input, and of the output. */
  readonly c: number;
  readonly n: number;
  readonly groups: number;
  readonly window: Window;
}

/**
 * Resolves a convolution of input [N, …spatial, C] with filters [...kernel, C / groups, Co].
 * @throws ShapeError naming `op`, what was expected and what came
 */
export function geometryOf(op: string, input: Shape, filters: Shape, attributes: ConvAttributes): Geometry {
  if (filters.length !== input.length)
    throw new ShapeError(
      `${op}: filters of input ${formatShape(input)} must be [${['kw', 'kh,kw', 'kd,kh,kw'][input.length - 3] ?? 'kernel'},C,Co], got ${formatShape(filters)}`,
    );
  const window = resolveWindow(op, input, filters.slice(0, -2), attributes);
  const groups = attributes.groups ?? 1;
  const [c, n] = [input.at(-1)!, filters.at(-1)!];
  if (!Number.isInteger(groups) || groups < 1 || c % groups !== 0 || n % groups !== 0)
    throw new ShapeError(`${op}: groups must divide ${c} input and ${n} output channels, got ${groups}`);
  if (filters.at(-2) !== c / groups)
    throw new ShapeError(
      `${op}: input has ${c} channels${groups > 1 ? ` in ${groups} groups` : ''}, filters expect ${filters.at(-2)} (input ${formatShape(input)}, filters ${formatShape(filters)})`,
    );
  return { batch: input[0]!, c, n, groups, window };
}

export const outputShape = ({ batch, n, window }: Geometry, rank: number): Shape => [
  batch,
  ...windowSizes(window, rank),
  n,
];

export const tapsOf = ({ window: { z, y, x } }: Geometry): number => z.kernel * y.kernel * x.kernel;
export const outputPixels = ({ window: { z, y, x } }: Geometry): number => z.size * y.size * x.size;
export const inputPixels = ({ window: { z, y, x } }: Geometry): number => z.input * y.input * x.input;
export const filterElements = (g: Geometry): number => (tapsOf(g) * g.c * g.n) / g.groups;
export const macsOf = (g: Geometry): number => g.batch * outputPixels(g) * filterElements(g);

/** Every axis of the window is 1 wide, in steps of 1. */
export const isPointwise = ({ window, groups }: Geometry): boolean =>
  groups === 1 &&
  !isPadded(window) &&
  [window.z, window.y, window.x].every(({ kernel, stride }) => kernel === 1 && stride === 1);

/** The window of each slice is 3 × 3, and all steps are 1: what Winograd's transforms take. */
export const is3x3InDepth = ({ window: { z, y, x }, groups }: Geometry): boolean =>
  groups === 1 &&
  z.stride === 1 &&
  z.dilation === 1 &&
  [y, x].every(({ kernel, stride, dilation }) => kernel === 3 && stride === 1 && dilation === 1);

/** Images, not volumes. */
export const isFlat = ({ window: { z } }: Geometry): boolean =>
  z.input === 1 && z.kernel === 1 && z.before + z.after === 0;

export const is3x3 = (g: Geometry): boolean => is3x3InDepth(g) && isFlat(g);

/**
 * The convolution that gives the gradient in the input of `g`, with flipped filters [...kernel, Co, C]; undefined where it
 * is none: strides, groups, or padding beyond the window.
 */
export function flippedGeometry(g: Geometry): Geometry | undefined {
  const axes = [g.window.z, g.window.y, g.window.x];
  if (
    g.groups > 1 ||
    axes.some((axis) => axis.stride > 1 || axis.before >= reachOf(axis) || axis.after >= reachOf(axis))
  )
    return undefined;
  const flip = (axis: WindowAxis): WindowAxis => ({
    ...axis,
    input: axis.size,
    size: axis.input,
    before: reachOf(axis) - 1 - axis.before,
    after: reachOf(axis) - 1 - axis.after,
  });
  const { z, y, x } = g.window;
  return { batch: g.batch, c: g.n, n: g.c, groups: 1, window: { z: flip(z), y: flip(y), x: flip(x) } };
}
