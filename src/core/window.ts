import { ShapeError } from './errors.ts';
import { formatShape, type Shape } from './shape.ts';

/**
 * How far a window may hang over the edge of its input.
 * `'valid'`: not at all. `'same'`: output size = ⌈input / stride⌉, an odd cell goes after (TensorFlow's SAME).
 * `'same-before'`: the same, an odd cell goes before (ONNX's SAME_LOWER). A number: that many cells on each side
 * (PyTorch). A list: [before, after] for each spatial axis.
 */
export type Padding = 'valid' | 'same' | 'same-before' | number | readonly (readonly [before: number, after: number])[];

export interface WindowAttributes {
  /** Step of the window, in cells: one number, or one for each spatial axis. */
  readonly stride?: number | readonly number[];
  readonly padding?: Padding;
  /** Distance between taps of the window, in cells: one number, or one for each spatial axis. */
  readonly dilation?: number | readonly number[];
}

/** One axis of a sliding window, resolved against its input. */
export interface WindowAxis {
  readonly input: number;
  /** Positions of the window: the output's size. */
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Cells of padding before and after the input. */
  readonly before: number;
  readonly after: number;
}

/** A window of rank 1 to 3 on three axes, depth, height and width; those that are missing have size 1. */
export interface Window {
  readonly z: WindowAxis;
  readonly y: WindowAxis;
  readonly x: WindowAxis;
}

export const isPadded = ({ z, y, x }: Window): boolean =>
  z.before + z.after + y.before + y.after + x.before + x.after > 0;

/** Cells that a window covers, dilation included. */
export const reachOf = ({ kernel, dilation }: WindowAxis): number => (kernel - 1) * dilation + 1;

const TRIVIAL: WindowAxis = { input: 1, size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/** Resolves a window over [N, …spatial, C] of one to three spatial axes. @throws ShapeError where it does not fit. */
export function resolveWindow(
  op: string,
  input: Shape,
  kernel: readonly number[],
  attributes: WindowAttributes,
): Window {
  const rank = input.length - 2;
  if (rank < 1 || rank > 3)
    throw new ShapeError(`${op}: input must be [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${formatShape(input)}`);
  if (kernel.length !== rank)
    throw new ShapeError(
      `${op}: a window of ${kernel.length} axes does not fit input ${formatShape(input)} of ${rank}`,
    );
  const sizes = perAxis(op, 'kernel', kernel, rank, 1);
  const strides = perAxis(op, 'stride', attributes.stride ?? 1, rank, 1);
  const dilations = perAxis(op, 'dilation', attributes.dilation ?? 1, rank, 1);
  const axes = sizes.map((size, i) =>
    windowAxis(
      op,
      input[i + 1]!,
      size,
      strides[i]!,
      dilations[i]!,
      paddingOf(op, attributes.padding ?? 'valid', i, rank),
    ),
  );
  const [z, y, x] = [...Array.from({ length: 3 - rank }, () => TRIVIAL), ...axes];
  return { z: z!, y: y!, x: x! };
}

/** The output's spatial sizes, as many as the input has. */
export const windowSizes = ({ z, y, x }: Window, rank: number): number[] => [z.size, y.size, x.size].slice(3 - rank);

/**
 * What a cell of an output sees of one spatial axis of an input: cell i sees cells `stride`·i + `first` … `stride`·i + `last`.
 * Those outside the input are padding; numbers that are not whole, as of an op that enlarges, bound the whole ones.
 */
export interface SeenCells {
  readonly stride: number;
  readonly first: number;
  readonly last: number;
}

/** What a cell of a window's output sees of each of `rank` axes. */
export const cellsSeen = ({ z, y, x }: Window, rank: number): SeenCells[] =>
  [z, y, x]
    .slice(3 - rank)
    .map((axis) => ({ stride: axis.stride, first: -axis.before, last: reachOf(axis) - 1 - axis.before }));

/** What a cell of the input sees of the output, where the window is turned round: as a transposed convolution. */
export const cellsSeenBack = (window: Window, rank: number): SeenCells[] =>
  cellsSeen(window, rank).map(({ stride, first, last }) => ({
    stride: 1 / stride,
    first: -last / stride,
    last: -first / stride,
  }));

/** Positions of the window: spatial cells of the output. */
export const windowOutputs = ({ z, y, x }: Window): number => z.size * y.size * x.size;

/** A number for each axis, from one for all or one each. */
function perAxis(
  op: string,
  what: string,
  value: number | readonly number[],
  rank: number,
  least: number,
): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
  if (list.length !== rank || !list.every((v) => Number.isInteger(v) && v >= least))
    throw new ShapeError(
      `${op}: ${what} must be a whole number of at least ${least}, or ${rank} of them, got ${JSON.stringify(value)}`,
    );
  return list;
}

type AxisPadding = 'valid' | 'same' | 'same-before' | readonly [number, number];

function paddingOf(op: string, padding: Padding, axis: number, rank: number): AxisPadding {
  if (padding === 'valid' || padding === 'same' || padding === 'same-before') return padding;
  const pair =
    typeof padding === 'number' ? ([padding, padding] as const) : padding?.length === rank ? padding[axis]! : [];
  if (pair.length !== 2 || !pair.every((side) => Number.isInteger(side) && side >= 0))
    throw new ShapeError(
      `${op}: padding must be 'valid', 'same', 'same-before', a whole number, or [before, after] for each of ${rank} axes, got ${JSON.stringify(padding)}`,
    );
  return pair as readonly [number, number];
}

/** size = ⌊(input + before + after − dilation·(kernel − 1) − 1) / stride⌋ + 1. */
function windowAxis(
  op: string,
  input: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: AxisPadding,
): WindowAxis {
  const reach = dilation * (kernel - 1) + 1;
  let [before, after] = [0, 0];
  if (padding === 'same' || padding === 'same-before') {
    const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + reach - input);
    const less = Math.floor(total / 2);
    before = padding === 'same' ? less : total - less;
    after = total - before;
  } else if (padding !== 'valid') {
    [before, after] = padding;
  }
  const size = Math.floor((input + before + after - reach) / stride) + 1;
  if (size < 1)
    throw new ShapeError(
      `${op}: a window of ${reach} does not fit an input of ${input} padded by ${before} and ${after}`,
    );
  return { input, size, kernel, stride, dilation, before, after };
}
