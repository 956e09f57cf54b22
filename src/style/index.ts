export type { PreserveColors } from './colors.ts';
export type { StyleNormalization } from './normalization.ts';
export type { Losses } from './objective.ts';
export type { LayerShares, Start, StyleImage, StylizeOptions } from './options.ts';
export { type SoundStyleOptions, type SoundStyleStep, stylizeSound } from './sound.ts';
export type { SoundLosses } from './sound-objective.ts';
export type { RemoteStep, StyleStep } from './step.ts';
export { stylize } from './stylize.ts';
export { type VolumeTextureOptions, type VolumeTextureStep, volumeTexture } from './volume-texture.ts';
