import type { TotalVariationAttributes } from '../graph/ops/total-variation.ts';
import type { FeatureNetwork, PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';

/** The parts of J with their weights: they add up to `total`. */
export interface Losses {
  /** α · J_content */
  readonly content: number;
  /** β · J_style */
  readonly style: number;
  /** The weighted total variation. */
  readonly variation: number;
  readonly total: number;
}

/**
 * J of pictures of one size, as whoever minimises it sees it: whether all of a picture is worked on at once or tile by
 * tile is not told. The same picture gives the same bits every time, on any number of threads.
 */
export interface Objective {
  readonly engine: Engine;
  /** Values of a picture: height · width · channels. */
  readonly elements: number;
  /**
   * J and ∂J/∂G of a picture [H,W,C] of 0 … 255. Both are addresses of `elements` floats in the engine's memory, which
   * stay good where that grows: the picture is read, the gradient overwritten.
   */
  evaluate(image: number, gradient: number): Losses;
  /** Gives its memory back; it cannot evaluate afterwards. */
  close(): void;
}

/** A layer of the network and what its loss is multiplied by. */
export interface LayerWeight {
  readonly layer: string;
  readonly weight: number;
}

/** Whose factors stand before the sums of a layer's losses (docs/style.md has their formulas). */
export type LayerNormalization = 'gatys' | 'gatys-pytorch' | 'johnson';

/** One style that a picture is to have: all of it, or what a mask shows of it. */
export interface StyleTarget {
  /** Its share: the shares of all targets add up to 1. */
  readonly weight: number;
  /** Gram matrices [C,C] divided by their own positions, by layer. */
  readonly grams: ReadonlyMap<string, Float32Array>;
  /**
   * Factors of the positions [h,w] of each layer, before the Gram matrix is taken; their mean square is 1, so that a mask
   * of ones changes nothing. Absent: all of the picture.
   */
  readonly masks?: ReadonlyMap<string, Float32Array>;
}

/** Everything that J is made of, for pictures of one size. */
export interface Goal {
  readonly network: FeatureNetwork;
  readonly size: PictureSize;
  readonly pooling: 'max' | 'average';
  /** The content picture [H,W,C] of 0 … 255. */
  readonly content: Float32Array;
  /** α times the share of each content layer. */
  readonly contentLayers: readonly LayerWeight[];
  readonly styles: readonly StyleTarget[];
  /** β · λ[l] of each style layer. */
  readonly styleLayers: readonly LayerWeight[];
  readonly normalization: LayerNormalization;
  readonly variation: TotalVariationAttributes & { readonly weight: number };
  readonly engine: Engine;
}

/** `contentLoss` of each convention: half the sum of squares, or their mean. */
export const contentNormalization: Readonly<Record<LayerNormalization, 'gatys' | 'mean'>> = {
  gatys: 'gatys',
  'gatys-pytorch': 'mean',
  johnson: 'mean',
};
