import { ShapeError } from './errors.ts';

/** Sizes of a tensor from outermost to innermost, channels last: [N, H, W, C]. */
export type Shape = readonly number[];

export const elementsOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
export const formatShape = (shape: Shape): string => `[${shape.join(',')}]`;
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/**
 * How far a window may hang over the edge of its input.
 * `'valid'`: not at all. `'same'`: output size = ⌈input / stride⌉, an odd cell goes after (TensorFlow's SAME).
 * `'same-before'`: the same, an odd cell goes before (ONNX's SAME_LOWER). A number: that many cells on each side
 * (PyTorch). Four numbers: each side by name.
 */
export type Padding =
  | 'valid'
  | 'same'
  | 'same-before'
  | number
  | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** One axis of a sliding window: its output size and the padding cells before and after the input. */
export interface WindowAxis {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

/** Output size and padding along one axis: size = ⌊(input + before + after − dilation·(kernel − 1) − 1) / stride⌋ + 1. */
function windowAxis(
  op: string,
  input: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'valid' | 'same' | 'same-before' | readonly [number, number],
): WindowAxis {
  const reach = dilation * (kernel - 1) + 1;
  let before = 0;
  let after = 0;
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
  return { size, before, after };
}

export interface WindowAttributes {
  /** Step of the window, in cells: one number, or [vertical, horizontal]. */
  readonly stride?: number | readonly [number, number];
  readonly padding?: Padding;
  /** Distance between taps of the window, in cells: one number, or [vertical, horizontal]. */
  readonly dilation?: number | readonly [number, number];
}

/** A 2D window resolved against its input: sizes, strides, dilations and padding by axis. */
export interface Window {
  readonly y: WindowAxis;
  readonly x: WindowAxis;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly kernelY: number;
  readonly kernelX: number;
}

/** Both numbers of an attribute that may be given once for both axes; whole numbers of at least `least`. */
export function pairOf(
  op: string,
  what: string,
  value: number | readonly [number, number] | undefined,
  otherwise: number,
  least: number,
): readonly [number, number] {
  const pair = value === undefined ? [otherwise, otherwise] : typeof value === 'number' ? [value, value] : value;
  if (pair.length !== 2 || !pair.every((v) => Number.isInteger(v) && v >= least))
    throw new ShapeError(`${op}: ${what} must be whole numbers of at least ${least}, got ${JSON.stringify(value)}`);
  return [pair[0]!, pair[1]!];
}

/** Resolves a 2D window over [N, H, W, C]. @throws ShapeError where it does not fit. */
export function resolveWindow(
  op: string,
  input: Shape,
  kernel: readonly [number, number],
  attributes: WindowAttributes,
): Window {
  if (input.length !== 4) throw new ShapeError(`${op}: input must be [N,H,W,C], got ${formatShape(input)}`);
  const [strideY, strideX] = pairOf(op, 'stride', attributes.stride, 1, 1);
  const [dilationY, dilationX] = pairOf(op, 'dilation', attributes.dilation, 1, 1);
  const padding = attributes.padding ?? 'valid';
  const sides =
    typeof padding === 'number' ? { top: padding, bottom: padding, left: padding, right: padding } : padding;
  if (
    typeof sides === 'string'
      ? !['valid', 'same', 'same-before'].includes(sides)
      : [sides.top, sides.bottom, sides.left, sides.right].some((side) => !Number.isInteger(side) || side < 0)
  )
    throw new ShapeError(
      `${op}: padding must be 'valid', 'same', 'same-before', a whole number or four by name, got ${JSON.stringify(padding)}`,
    );
  const [vertical, horizontal] =
    typeof sides === 'string'
      ? ([sides, sides] as const)
      : ([
          [sides.top, sides.bottom],
          [sides.left, sides.right],
        ] as const);
  return {
    y: windowAxis(op, input[1]!, kernel[0], strideY, dilationY, vertical),
    x: windowAxis(op, input[2]!, kernel[1], strideX, dilationX, horizontal),
    strideY,
    strideX,
    dilationY,
    dilationX,
    kernelY: kernel[0],
    kernelX: kernel[1],
  };
}
