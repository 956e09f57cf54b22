import type { StylizeOptions } from '../../style/options.ts';

/** Options that a preset sets; what the user asks for comes before them. */
export interface Preset {
  readonly about: string;
  readonly network: 'faces' | 'squeezenet' | 'vgg19';
  readonly options: Partial<StylizeOptions>;
}

export const presets = {
  gatys: {
    about: 'VGG-19 with average pooling, as the paper has it, 500 steps at 512 pixels',
    network: 'vgg19',
    options: { pooling: 'average', size: 512, levels: 1, steps: 500 },
  },
  fast: {
    about: 'SqueezeNet from small to large, 384 pixels',
    network: 'squeezenet',
    options: { size: 384, levels: 2, steps: [80, 40] },
  },
  poster: {
    about: 'SqueezeNet from small to large, 2000 pixels, tile by tile',
    network: 'squeezenet',
    options: { size: 2000, levels: 4, steps: [100, 60, 40, 20] },
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
