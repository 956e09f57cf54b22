import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import { type Padding, resolveWindow, type Window, type WindowAxis } from '../../core/window.ts';
import type { Site } from '../op.ts';

export interface PoolAttributes {
  /** Size of the window in cells: one number, or [height, width]. */
  readonly size: number | readonly [number, number];
  /** Step of the window: one number, or [vertical, horizontal]. Default: its size. */
  readonly stride?: number | readonly [number, number];
  /** Less than the window's size on every side, so that each window holds a real cell. Default: 'valid'. */
  readonly padding?: Padding;
}

/** The window of a pooling op. @throws ShapeError where it does not fit, or could lie wholly in the padding. */
export function poolWindow(op: string, inputs: readonly Shape[], attributes: PoolAttributes): Window {
  if (inputs.length !== 1 || inputs[0]!.length !== 4)
    throw new ShapeError(`${op}: input must be one [N,H,W,C], got ${inputs.map(formatShape).join(' ')}`);
  const size = typeof attributes.size === 'number' ? [attributes.size, attributes.size] : attributes.size;
  if (size?.length !== 2 || !size.every((cells) => Number.isInteger(cells) && cells >= 1))
    throw new ShapeError(
      `${op}: size must be a whole number of at least 1, or two of them, got ${JSON.stringify(attributes.size)}`,
    );
  const { stride = size, padding = 'valid' } = attributes;
  const window = resolveWindow(op, inputs[0]!, size, { stride, padding });
  const empty = ({ kernel, before, after }: WindowAxis): boolean => before >= kernel || after >= kernel;
  if (empty(window.y) || empty(window.x))
    throw new ShapeError(
      `${op}: padding must be less than the window's size [${size}] on every side, got ${JSON.stringify(padding)}`,
    );
  return window;
}

export const poolShape =
  (op: string) =>
  (inputs: readonly Shape[], attributes: PoolAttributes): Shape => {
    const { y, x } = poolWindow(op, inputs, attributes);
    return [inputs[0]![0]!, y.size, x.size, inputs[0]![3]!];
  };

/** The window of a site that its shape rule let pass. */
export const windowOfPool = once(
  (site: Site<PoolAttributes>): Window => poolWindow('pool', site.inputs, site.attributes),
);
