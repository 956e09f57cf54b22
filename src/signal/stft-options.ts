import { InputError, SoundError } from '../core/errors.ts';
import type { Engine } from '../runtime/engine.ts';
import { type WindowName, windowNames } from './window.ts';

/** How a sound is cut into frames. */
export interface StftOptions {
  /** Samples of a frame, a power of two: the spectrum has size/2 + 1 numbers. Default: 2048. */
  readonly size?: number;
  /** Samples from one frame to the next. Default: a quarter of the window. */
  readonly hop?: number;
  readonly window?: WindowName;
  /** Samples that the window covers; zeros fill the frame. Default: all. */
  readonly windowLength?: number;
  /**
   * Whether frame t is centred on sample t · hop, with `padding` beyond the ends (librosa's `center`), or begins there. Centred,
   * there are 1 + ⌊length / hop⌋ frames, else 1 + ⌊(length − size) / hop⌋. Default: true.
   */
  readonly centred?: boolean;
  /** What lies beyond the ends: zeros (librosa since 0.10), or the sound mirrored about its first and last sample (before). */
  readonly padding?: 'zeros' | 'reflect';
  readonly engine?: Engine;
}

export type Framing = Required<Omit<StftOptions, 'engine'>>;

const isPowerOfTwo = (n: number): boolean => Number.isInteger(n) && n > 1 && (n & (n - 1)) === 0;

/** Options with their defaults. @throws InputError naming the one that is out of range */
export function framingOf(who: string, options: StftOptions): Framing {
  const { size = 2048, window = 'hann', centred = true, padding = 'zeros' } = options;
  const { windowLength = size } = options;
  const { hop = Math.max(1, Math.floor(windowLength / 4)) } = options;
  const fail = (what: string, got: unknown): never => {
    throw new InputError(`${who}: ${what}, got ${JSON.stringify(got)}`);
  };
  if (!isPowerOfTwo(size) || size > 65536) fail('size must be a power of two from 2 to 65536', size);
  if (!Number.isInteger(hop) || hop < 1) fail('hop must be a whole number of at least 1', hop);
  if (!Number.isInteger(windowLength) || windowLength < 1 || windowLength > size)
    fail(`windowLength must be a whole number from 1 to size, ${size}`, windowLength);
  if (!windowNames.includes(window)) fail(`window must be one of ${windowNames.join(', ')}`, window);
  if (padding !== 'zeros' && padding !== 'reflect') fail("padding must be 'zeros' or 'reflect'", padding);
  return { size, hop, window, windowLength, centred, padding };
}

/** How many frames a sound of so many samples has. @throws SoundError where it is too short for one */
export function framesOf(who: string, length: number, { size, hop, centred, padding }: Framing): number {
  const least = centred ? (padding === 'reflect' ? size / 2 + 1 : 1) : size;
  if (length < least)
    throw new SoundError(`${who}: a frame of ${size} samples needs a sound of at least ${least}, got ${length}`);
  return 1 + Math.floor((centred ? length : length - size) / hop);
}
