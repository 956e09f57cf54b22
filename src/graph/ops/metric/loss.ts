import { ShapeError } from '../../../core/errors.ts';
import type { Memory } from '../../../runtime/memory.ts';
import type { GradientAddresses } from '../../op.ts';

/** Distances that losses are made of, by how kernels are told them. */
export const lossDistances = { squaredEuclidean: 0, euclidean: 1 } as const;
export type LossDistance = keyof typeof lossDistances;

/** Numbers in float64 that kernels of losses leave, and their bytes. */
export const SUMS = 8;
export const SUMS_BYTES = 64;

/** @throws ShapeError unless `value` is one of `names`. */
export function checkName(op: string, what: string, value: unknown, names: readonly string[]): void {
  if (!names.includes(value as string))
    throw new ShapeError(
      `${op}: ${what} must be ${names.map((name) => `'${name}'`).join(', ')}, got ${JSON.stringify(value)}`,
    );
}

/** @throws ShapeError unless `value` is a finite number of at least 0. */
export function checkMargin(op: string, what: string, value: unknown): void {
  if (!(typeof value === 'number' && Number.isFinite(value) && value >= 0))
    throw new ShapeError(`${op}: ${what} must be a finite number of at least 0, got ${value}`);
}

/** a / b, and 0 where there is nothing to divide by. */
export const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);

/** The gradient in entry 0 of a loss op's output, the loss; other entries are figures for people. */
export const seedOf = (memory: Memory, at: GradientAddresses): number => memory.f32(at.outputGradient, 1)[0]!;

/** Labels and other data have no gradient: zeros, where one is asked for. */
export function noGradient(memory: Memory, address: number | undefined, elements: number): void {
  if (address) memory.f32(address, elements).fill(0);
}
