import {
  ImageError,
  InputError,
  NotFiniteError,
  OutOfMemoryError,
  ShapeError,
  ThreadError,
  UnsupportedError,
  WeightsError,
} from '../../core/errors.ts';
import type { RgbaImage } from '../../image/image.ts';
import type { StylizeOptions } from '../options.ts';
import type { StyleStep } from '../step.ts';
import type { PackedNetwork } from './network.ts';

/** All options that can be sent: pictures as pixels, the network as its tensors. */
export type PackedOptions = Omit<StylizeOptions, 'network' | 'engine' | 'signal' | 'worker'>;

/** What a worker is asked for; it answers in turn. */
export type Request =
  | {
      readonly ask: 'start';
      readonly options: PackedOptions;
      readonly network: PackedNetwork;
      readonly threads: number;
      /** The WebAssembly files, for a script that holds none. */
      readonly binaries: Readonly<Record<string, Uint8Array>>;
    }
  | { readonly ask: 'next' }
  | { readonly ask: 'state' };

/** A step as it is sent, with the picture as it is. */
export type SentStep = Omit<StyleStep, 'image' | 'state'> & { readonly picture: RgbaImage };

/** What a worker answers. */
export interface Answer {
  /** Absent behind the last step. */
  readonly step?: SentStep;
  readonly state?: Uint8Array;
  readonly error?: SentError;
}

/** An error as it is sent: structured clones forget the classes of the library. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return { name, message, ...(stack !== undefined && { stack }) };
}

const classes: readonly (new (message: string) => Error)[] = [
  ...[ImageError, InputError, NotFiniteError, OutOfMemoryError],
  ...[ShapeError, ThreadError, UnsupportedError, WeightsError, RangeError, TypeError],
];

/** An error as it was thrown in the worker, of the same class where it is one of the library's. */
export function receivedError({ name, message, stack }: SentError): Error {
  // Names of classes do not survive minifiers, those of errors do.
  const Class = classes.find((candidate) => new candidate('').name === name) ?? Error;
  const error = new Class(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
