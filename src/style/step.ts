import type { RgbaImage } from '../image/image.ts';
import type { PictureSize } from '../models/feature-network.ts';
import type { Losses } from './objective.ts';

/** What one iteration came to. `image` and `state` are of this moment: they are asked for before the next step is. */
export interface StyleStep {
  /** Iterations so far, from 1. */
  readonly iteration: number;
  /** The most that there will be. */
  readonly of: number;
  /** From 1, the smallest size. */
  readonly level: number;
  readonly levels: number;
  /** Of the picture at this level. */
  readonly size: PictureSize;
  /** The optimiser and what it holds, for people. */
  readonly optimizer: string;
  /**
   * Parts of J with their weights. With L-BFGS they are those of `image()`; with other optimisers those of the picture that
   * the iteration began with.
   */
  readonly losses: Losses;
  /** True where this level ended here: J fell by less than the tolerance, or nothing lower was found. */
  readonly settled: boolean;
  /** The picture as it is now, opaque. That of the last step stays at hand. */
  image(): RgbaImage;
  /** Bytes from which `resume` goes on with the same bits. */
  state(): Uint8Array;
}

/** A step of a painting in a worker: the picture is here, the state is fetched. */
export type RemoteStep = Omit<StyleStep, 'state'> & { state(): Promise<Uint8Array> };
