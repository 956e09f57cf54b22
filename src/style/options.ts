import type { Optimizer } from '../graph/optimizer.ts';
import type { ImageSource } from '../image/read.ts';
import type { FeatureNetwork } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import type { PreserveColors } from './colors.ts';
import type { StyleNormalization } from './normalization.ts';
import type { WorkerOptions } from './worker/options.ts';

/** A picture whose style is wanted. */
export interface StyleImage {
  readonly image: ImageSource;
  /** How much of the style is its own; all weights are divided by their sum. Default: 1. */
  readonly weight?: number;
  /** Where the result is to have it: white there, black elsewhere. Default: everywhere. */
  readonly mask?: ImageSource;
  /** Which part of the style picture counts: white there. Default: all of it. */
  readonly imageMask?: ImageSource;
}

/** Names of layers in equal shares, or with a share each. */
export type LayerShares = readonly string[] | Readonly<Record<string, number>>;

/** Where the painting starts: the content, noise, or a picture of the caller's. */
export type Start = 'content' | 'normal' | 'uniform' | { readonly image: ImageSource };

export interface StylizeOptions {
  /** What is to be painted. */
  readonly content: ImageSource;
  /** How it is to be painted: one style, or `styles`. */
  readonly style?: ImageSource;
  /** Several styles, blended by their weights, each where its mask says. */
  readonly styles?: readonly StyleImage[];
  /** The network that sees: `await loadFeatures('squeezenet')` and others of `facsimile/models`. */
  readonly network: FeatureNetwork;
  /** The longer side of the result in pixels. Default: the content's, at most 512. */
  readonly size?: number;
  /** The longer side of style pictures over that of the result: smaller is finer. Default: 1. */
  readonly styleScale?: number;

  /** Default: what the network names; shares of names alone add up to 1. */
  readonly contentLayers?: LayerShares;
  /** λ[l]. Default: what the network names, 1 / number of layers each. */
  readonly styleLayers?: LayerShares;
  /** α. Default: 1, or what was published with the normalization. */
  readonly contentWeight?: number;
  /** β. Default: 50, or what was published with the normalization. */
  readonly styleWeight?: number;
  /** Whose factors stand before the sums. Default: `'relative'`, which suits any network at any size. */
  readonly normalization?: StyleNormalization;
  /** Factor of the total variation; with `'relative'`, of its mean over pixels. Default: 3e-4, or what was published. */
  readonly variationWeight?: number;
  /** Which variation: by name, or Σ (dx² + dy²)^(β/2). Default: `'squared'`. */
  readonly variation?: 'squared' | 'absolute' | 'johnson' | { readonly exponent: number };
  /** `'average'` as Gatys et al. paint, or `'max'` as networks are trained. Default: `'average'` for SqueezeNet, else `'max'`. */
  readonly pooling?: 'max' | 'average';
  /** Keep the content's colours. Default: the style's are taken. */
  readonly preserveColors?: PreserveColors;

  /** Default: `'content'`. `'normal'`: mid-grey + N(0,1)·0.001. `'uniform'`: 0 … 255, each value as likely. */
  readonly start?: Start;
  /** Of the noise. Default: 0. */
  readonly seed?: number;
  /**
   * `'lbfgs'`; `'adam'`; `'descent'`, exactly G := G − η·∂J/∂G; or one of `facsimile/optimize`. Default: `'lbfgs'`.
   */
  readonly optimizer?: 'lbfgs' | 'adam' | 'descent' | Optimizer;
  /** η of `'adam'` (default 10 grey levels) and of `'descent'` (default 1). */
  readonly learningRate?: number;
  /** Pairs that L-BFGS keeps. Default: 100, or what fits 128 MB. */
  readonly history?: number;
  /** Sizes that are painted one after another, each twice the one before, the last of them `size`. Default: 2. */
  readonly levels?: number;
  /** Iterations of each level; a list has one number a level, from the smallest. Default: 100. */
  readonly steps?: number | readonly number[];
  /** A level ends where J falls by less than this share of itself an iteration, over the last ten. Default: 0, all steps. */
  readonly tolerance?: number;
  /**
   * Pixels around the picture, its mirror image at first, that are painted with it and cut off: networks see the edges of
   * what they are given too seldom to paint them. Default: 8.
   */
  readonly margin?: number;
  /** Pixels are kept in 0 … 255 at the end only, or after each step. Default: `'end'`. */
  readonly clamp?: 'end' | 'step';

  /**
   * The longest side in pixels of what is worked on at once; a larger picture is worked on tile by tile, without seams.
   * Default: as large as `memory` allows.
   */
  readonly tile?: number;
  /** The most bytes that activations and their gradients may take. Default: 1 GiB. */
  readonly memory?: number;

  /** Stops between iterations: the loop throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Bytes of a step's `state()`: goes on from there with the same bits. All else must be as it was; steps may be more. */
  readonly resume?: Uint8Array;
  readonly engine?: Engine;
  /**
   * Paint in a worker, so that the calling thread stays free: `true`, what makes the worker, or options. Where the host has
   * no workers the calling thread paints. The same bytes in any case; `state()` of a step is then a promise.
   */
  readonly worker?: true | WorkerOptions | NonNullable<WorkerOptions['createWorker']>;
}
