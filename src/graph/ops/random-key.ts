import { ShapeError } from '../../core/errors.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import type { Kernels } from '../../runtime/generated/abi.ts';
import type { Memory } from '../../runtime/memory.ts';

// What ops draw is a function of (seed, step, stream, place): any run can be repeated, on any engine. Seed and step are a
// tensor [2], whole numbers from 0 to 2²⁴, and come with each run.

export interface RandomAttributes {
  /** A whole number that tells this op from others of the graph: those with one number draw alike. Default: 0. */
  readonly stream?: number;
}

/** @throws ShapeError naming the op where the key or the stream is none */
export function checkRandom(op: string, key: Shape | undefined, { stream = 0 }: RandomAttributes): void {
  if (key?.length !== 1 || key[0] !== 2)
    throw new ShapeError(`${op}: seed and step must be [2], got ${key ? formatShape(key) : 'nothing'}`);
  if (!Number.isInteger(stream)) throw new ShapeError(`${op}: stream must be a whole number, got ${stream}`);
}

/** Seed and step at `key` and the stream as one number. */
export function randomKey(kernels: Kernels, memory: Memory, key: number, { stream = 0 }: RandomAttributes): number {
  const [seed, step] = memory.f32(key, 2) as unknown as [number, number];
  return kernels.u32_random_key(seed, step, stream);
}
