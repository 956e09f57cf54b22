import type { Machine } from '../../../runtime/machine.ts';
import type { Activation } from '../../op.ts';
import type { Geometry } from './geometry.ts';

/** Where an algorithm finds its data, in bytes. */
export interface ConvAddresses {
  readonly input: number;
  readonly output: number;
  /** Filters in the algorithm's own form. */
  readonly weights: number;
  /** Padded with zeros by eight floats. */
  readonly bias: number;
  /** What is added before the activation, of the output's shape; nothing without it. */
  readonly residual?: number;
  /** Where what stands before the activation goes too; nowhere without it. */
  readonly linear?: number;
  readonly scratch: number;
}

/** One way to compute a linear map between images from filters. */
export interface Algorithm {
  readonly name: string;
  /** True where `run` adds `at.residual` and fills `at.linear`. */
  readonly adds?: boolean;
  packedBytes(g: Geometry): number;
  packScratch(g: Geometry): number;
  /** Plain filters [...kernel, C / groups, Co] to the algorithm's form. */
  pack(machine: Machine, g: Geometry, packed: number, filters: number, scratch: number): void;
  scratch(g: Geometry, threads: number): number;
  run(machine: Machine, g: Geometry, at: ConvAddresses, activation: Activation): void;
}
