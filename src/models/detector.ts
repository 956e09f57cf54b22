import { InputError } from '../core/errors.ts';
import type { Parameters } from '../graph/parameters.ts';
import type { Box } from '../image/geometry.ts';
import type { Architecture } from './architecture.ts';

/** A face that a detector found: its box in pixels of the photo, which it may hang over, and a score of 0 … 1. */
export interface Detection {
  readonly box: Box;
  readonly score: number;
}

/** Size of the photo that was laid on the network's square, in pixels. */
export interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

export interface DetectOptions {
  /** Faces must score more than this, 0 … 1. Default: the detector's own. */
  readonly minScore?: number;
}

/** Turns the outputs of a run into faces, the best first. */
export type Decode = (
  outputs: Readonly<Record<string, Float32Array>>,
  photo: PhotoSize,
  options?: DetectOptions,
) => Detection[];

/** A network that finds faces. */
export interface Detector extends Architecture {
  readonly minScore: number;
  /** Boxes that share more than this of their common area are one face. */
  readonly maxOverlap: number;
  /**
   * The decoder of its outputs. Scores and sizes are computed in float64 by the library's own `exp`, so they are the same
   * on every engine.
   * @param bound What `bind` gave.
   */
  decoder(bound: Parameters): Decode;
}

/** The score that faces must exceed. @throws InputError where it does not lie in 0 … 1. */
export function minScoreOf(network: string, options: DetectOptions | undefined, otherwise: number): number {
  const score = options?.minScore ?? otherwise;
  if (!(score >= 0 && score <= 1)) throw new InputError(`${network}: minScore must lie in 0 … 1, got ${score}`);
  return score;
}

/**
 * How many times the photo's width and height fit the square of `size` pixels that it was laid on, in its upper left
 * corner. The photo's sides are whole pixels there, as the published detectors count them.
 *
 * @throws InputError where the photo has no size.
 */
export function squareFactors({ width, height }: PhotoSize, size: number): { x: number; y: number } {
  if (!(width > 0 && height > 0 && Number.isFinite(width * height)))
    throw new InputError(`a photo must have a width and a height, got ${width} × ${height}`);
  const side = Math.max(width, height);
  const cells = (length: number): number => Math.max(1, Math.round((length * size) / side));
  return { x: size / cells(width), y: size / cells(height) };
}
