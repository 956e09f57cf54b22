import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import {
  cellsSeen,
  type Padding,
  resolveWindow,
  type SeenCells,
  type Window,
  type WindowAxis,
  windowSizes,
} from '../../core/window.ts';
import type { Site } from '../op.ts';
import { windowParts, windowTurns } from './window-parts.ts';

export interface PoolAttributes {
  /** Size of the window in cells: one number, or one for each spatial axis. */
  readonly size: number | readonly number[];
  /** Step of the window: one number, or one for each spatial axis. Default: its size. */
  readonly stride?: number | readonly number[];
  /** Less than the window's size on every side, so that each window holds a real cell. Default: 'valid'. */
  readonly padding?: Padding;
}

/** The window of a pooling op. @throws ShapeError where it does not fit, or could lie wholly in the padding. */
function poolWindow(op: string, inputs: readonly Shape[], attributes: PoolAttributes): Window {
  const x = inputs[0];
  if (inputs.length !== 1 || !x || x.length < 3 || x.length > 5)
    throw new ShapeError(
      `${op}: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${inputs.map(formatShape).join(' ')}`,
    );
  const rank = x.length - 2;
  const size = typeof attributes.size === 'number' ? new Array<number>(rank).fill(attributes.size) : attributes.size;
  if (size?.length !== rank || !size.every((cells) => Number.isInteger(cells) && cells >= 1))
    throw new ShapeError(
      `${op}: size must be a whole number of at least 1, or ${rank} of them, got ${JSON.stringify(attributes.size)}`,
    );
  const { stride = size, padding = 'valid' } = attributes;
  const window = resolveWindow(op, x, size, { stride, padding });
  const empty = ({ kernel, before, after }: WindowAxis): boolean => before >= kernel || after >= kernel;
  if (empty(window.z) || empty(window.y) || empty(window.x))
    throw new ShapeError(
      `${op}: padding must be less than the window's size [${size}] on every side, got ${JSON.stringify(padding)}`,
    );
  return window;
}

export const poolShape =
  (op: string) =>
  (inputs: readonly Shape[], attributes: PoolAttributes): Shape => {
    const window = poolWindow(op, inputs, attributes);
    const [batch, rank, c] = [inputs[0]![0]!, inputs[0]!.length - 2, inputs[0]!.at(-1)!];
    return [batch, ...windowSizes(window, rank), c];
  };

export const poolSeen = (site: Site<PoolAttributes>): SeenCells[] =>
  cellsSeen(poolLayout(site).window, site.output.length - 2);

/** How a pooling op that its shape rule let pass is laid out for the kernels. */
export const poolLayout = once((site: Site<PoolAttributes>) => {
  const window = poolWindow('pool', site.inputs, site.attributes);
  const [batch, c] = [site.output[0]!, site.output.at(-1)!];
  return { window, parts: windowParts(batch, window, c), turns: windowTurns(batch, window, c) };
});
