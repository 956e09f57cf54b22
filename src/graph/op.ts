import type { Shape } from '../core/shape.ts';
import type { Kernels } from '../runtime/generated/abi.ts';

/** y = min(max(x, max(lo, slope·x)), hi): what a kernel may do to each result as it stores it. */
export interface Activation {
  readonly slope: number;
  readonly lo: number;
  readonly hi: number;
}

export const identity: Activation = { slope: 1, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };

/** One use of an op with everything that is fixed once shapes are known. */
export interface Site<A = object> {
  readonly attributes: A;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  /** Shapes of the named parameters, by role: filters, bias, scale, … */
  readonly parameters: Readonly<Record<string, Shape>>;
  /** What the plan fused behind the op. */
  readonly activation: Activation;
  /** The kernel that the op chose for these shapes. */
  readonly kernel: string;
}

/** Where one use of an op finds its data during a run, in bytes. */
export interface Addresses {
  readonly inputs: number[];
  output: number;
  scratch: number;
  /** Linear ops: the packed filters, and the bias padded with zeros to a multiple of eight floats. */
  weights: number;
  bias: number;
  /** Other ops: their parameters by role. */
  readonly parameters: Record<string, number>;
}

/** Bytes of scratch for packing: one square of the largest Winograd transform. */
export const PACK_SCRATCH = 1024;

/** The part of a linear op (conv, depthwise, dense) that its kernels read in a form of their own. */
export interface Weights<A> {
  /** Output channels: the length of the bias and of the filters' scale. */
  channels(site: Site<A>): number;
  packedBytes(site: Site<A>): number;
  /** Writes the kernel's form of raw float32 `filters`, with PACK_SCRATCH bytes at hand; all are addresses. */
  pack(kernels: Kernels, site: Site<A>, packed: number, filters: number, scratch: number): void;
}

/**
 * An operation: its shape rule, its kernels, its scratch, its forward pass, in one file. Shape rules validate everything,
 * for kernels trust what they are given.
 */
export interface Op<A = object> {
  readonly name: string;
  /** Roles of the parameters it takes; those that end in `?` may be missing. */
  readonly roles?: readonly string[];
  /** Output shape. @throws ShapeError naming the op, what was expected and what came. */
  shape(inputs: readonly Shape[], attributes: A, parameters: Readonly<Record<string, Shape>>): Shape;
  /** Name of the kernel for these shapes. Default: the op's name. */
  kernel?(site: Site<A>): string;
  /** Multiply-accumulates of one run. */
  macs?(site: Site<A>): number;
  /** Scratch bytes of one run. */
  scratch?(site: Site<A>): number;
  /** Linear ops only: filters of role `filters`, and a `bias`. An affine op behind one is folded into both. */
  readonly weights?: Weights<A>;
  /** True where the forward pass applies `site.activation` itself. */
  readonly activates?: boolean;
  /** True where the output may take the place of an input that nobody needs any more. */
  readonly inPlace?: boolean;
  /** What this op is as an activation, where a kernel in front of it can apply it. */
  activation?(attributes: A): Activation;
  /** Computes the output. Allocates nothing. */
  forward(kernels: Kernels, site: Site<A>, at: Addresses): void;
}
