import type { Binary } from '../core/binary.ts';
import type { Shape } from '../core/shape.ts';
import type { SeenCells } from '../core/window.ts';
import type { Kernels } from '../runtime/generated/abi.ts';
import type { Machine } from '../runtime/machine.ts';

/** y = min(max(x, max(lo, slope·x)), hi): what a kernel may do to each result as it stores it. */
export interface Activation {
  readonly slope: number;
  readonly lo: number;
  readonly hi: number;
}

export const identity: Activation = { slope: 1, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };

export const isIdentity = ({ slope, lo, hi }: Activation): boolean =>
  slope === 1 && lo === Number.NEGATIVE_INFINITY && hi === Number.POSITIVE_INFINITY;

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
  /** What an op that `adds` adds before its activation, of the output's shape; 0 where there is nothing. */
  residual: number;
  /** Where an op that `adds` leaves what it has before its activation; 0 where nobody reads that. */
  linear: number;
  /** Other ops: their parameters by role. */
  readonly parameters: Record<string, number>;
  /** What the forward pass leaves for the backward pass; 0 in a plan without gradients. */
  state: number;
}

/**
 * What the backward pass of an activation lets through. `gradient`: the derivative. `guided`: the derivative, and only
 * where the signal itself is positive (Springenberg et al. 2015). `deconvnet`: only where the signal is positive, whatever
 * the forward pass was (Zeiler & Fergus 2014).
 */
export type Rule = 'gradient' | 'guided' | 'deconvnet';

/** How kernels are told a rule. */
export const ruleCode: Readonly<Record<Rule, number>> = { gradient: 0, guided: 1, deconvnet: 2 };

/** Where the backward pass of one use of an op finds its data and leaves its results, in bytes. */
export interface GradientAddresses extends Addresses {
  /** The gradient in the output, behind the fused activation's own derivative. */
  outputGradient: number;
  /** Where the gradient in each input goes; 0 where nobody needs it. */
  readonly inputGradients: number[];
  /** Where the gradient in each parameter goes, by role; 0 where nobody needs it. */
  readonly parameterGradients: Record<string, number>;
  /** Linear ops: the filters in the form that the gradient to the input reads. */
  backwardWeights: number;
  /** Scratch of the backward pass. */
  backwardScratch: number;
  rule: Rule;
}

/** Addresses while nothing has a place: all 0. */
export const noAddresses = (inputs: number): GradientAddresses => ({
  inputs: new Array<number>(inputs).fill(0),
  output: 0,
  scratch: 0,
  weights: 0,
  bias: 0,
  residual: 0,
  linear: 0,
  parameters: {},
  state: 0,
  outputGradient: 0,
  inputGradients: new Array<number>(inputs).fill(0),
  parameterGradients: {},
  backwardWeights: 0,
  backwardScratch: 0,
  rule: 'gradient',
});

/** What a backward pass is asked for. */
export interface Wanted {
  readonly inputs: readonly boolean[];
  /** By role. */
  readonly parameters: Readonly<Record<string, boolean>>;
}

/** The backward pass of an op: it overwrites the gradients that are wanted and leaves the others alone. */
export interface Backward<A> {
  /** What of the forward pass it reads again; the plan keeps nothing else. Default: nothing. */
  reads?(site: Site<A>, wanted: Wanted): readonly ('inputs' | 'output')[];
  /** Bytes that the forward pass leaves for it, such as the positions of maxima. */
  state?(site: Site<A>): number;
  /** Scratch bytes of one backward pass on so many threads. */
  scratch?(site: Site<A>, wanted: Wanted, threads: number): number;
  /** True where the gradient in the first input, of as many elements, may take the place of that in the output. */
  readonly inPlace?: boolean;
  /** Linear ops: the form of the filters for the gradient to the input. */
  readonly weights?: WeightForm<A>;
  run(kernels: Kernels, site: Site<A>, at: GradientAddresses, machine: Machine): void;
}

/** Filters in the form that a kernel reads. */
export interface WeightForm<A> {
  packedBytes(site: Site<A>): number;
  /** Bytes that `pack` needs beside. Default 0. */
  packScratch?(site: Site<A>): number;
  /** Writes the kernel's form of plain float32 `filters`, with `scratch` at hand; all are addresses. */
  pack(kernels: Kernels, site: Site<A>, packed: number, filters: number, scratch: number, machine: Machine): void;
}

/** The part of a linear op (conv, depthwise, dense) that its kernels read in a form of their own. */
interface Weights<A> extends WeightForm<A> {
  /** Output channels: the length of the bias and of the filters' scale. */
  channels(site: Site<A>): number;
  /** Elements of the filters behind their channel axis. Default 1: it is the last. */
  behindChannel?(site: Site<A>): number;
}

/** y = x · scale[c] + shift[c]. */
interface Affine {
  readonly scale: ArrayLike<number>;
  readonly shift: ArrayLike<number>;
}

/** Reads a parameter by its role; undefined where the node has none. */
type ReadParameter = (role: string) => Float32Array | undefined;

/**
 * An operation: its shape rule, its kernels, its scratch, its forward pass, in one file. Shape rules validate everything,
 * for kernels trust what they are given.
 */
export interface Op<A = object> {
  readonly name: string;
  /** What holds the kernels of its forward pass, where the core does not. Those of gradients come with the backward pass. */
  readonly binary?: Binary;
  /** Roles of the parameters it takes; those that end in `?` may be missing. */
  readonly roles?: readonly string[];
  /** Roles whose values are measured on data, not learnt, as running averages are: training leaves them alone unless told. */
  readonly measured?: readonly string[];
  /** True where a node is there to measure them: it does not read what they were. */
  measures?(attributes: A): boolean;
  /** Output shape. @throws ShapeError naming the op, what was expected and what came. */
  shape(inputs: readonly Shape[], attributes: A, parameters: Readonly<Record<string, Shape>>): Shape;
  /**
   * What a cell of the output sees of each spatial axis of its inputs. Default, and where it gives nothing: the same cell
   * where output and input agree in their spatial sizes, else `'everything'`.
   */
  seen?(site: Site<A>): readonly SeenCells[] | 'everything' | undefined;
  /** Name of the kernel for these shapes. Default: the op's name. */
  kernel?(site: Site<A>): string;
  /** Multiply-accumulates of one run. */
  macs?(site: Site<A>): number;
  /** Scratch bytes of one run on so many threads. */
  scratch?(site: Site<A>, threads: number): number;
  /** Linear ops only: filters of role `filters`, and a `bias`. What is affine behind one is folded into both. */
  readonly weights?: Weights<A>;
  /** True where the forward pass applies `site.activation` itself. */
  readonly activates?: boolean;
  /** True where the forward pass adds `at.residual` itself, before the activation, and leaves that sum in `at.linear`. */
  readonly adds?: boolean;
  /** True for the sum of two values of one shape, which a kernel that gives one of them can add. */
  readonly isSum?: boolean;
  /** True where the output may take the place of an input that nobody needs any more. */
  readonly inPlace?: boolean;
  /** What this op is as an activation, where a kernel in front of it can apply it. */
  activation?(attributes: A): Activation;
  /** How this op is an affine map of `channels` channels by its parameters; undefined where it is none. */
  affine?(attributes: A): ((read: ReadParameter, channels: number) => Affine) | undefined;
  /** Computes the output. Allocates nothing. */
  forward(kernels: Kernels, site: Site<A>, at: Addresses, machine: Machine): void;
  /** Absent where no gradient passes. */
  readonly backward?: Backward<A>;
}

/** Bytes of scratch for packing, rounded so that what lies behind is aligned. */
export const packScratch = (form: WeightForm<object>, site: Site): number =>
  Math.ceil((form.packScratch?.(site) ?? 0) / 64) * 64;
