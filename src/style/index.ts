export type { PreserveColors } from './colors.ts';
export type { StyleNormalization } from './normalization.ts';
export type { Losses } from './objective.ts';
export type { LayerShares, Start, StyleImage, StylizeOptions } from './options.ts';
export type { StyleStep } from './step.ts';
export { stylize } from './stylize.ts';
