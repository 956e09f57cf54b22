import type { Graph } from '../../graph/graph.ts';
import type { SoundInput } from '../../signal/sound-input.ts';
import type { Spectrogram } from '../../signal/spectrogram.ts';
import { type EmbedOptions, ExampleEncoder } from './embed.ts';
import { writeSound } from './sound-dataset.ts';

export interface EmbedSoundsOptions extends Omit<EmbedOptions, 'shape'> {
  /** Frames that the network takes at once. */
  readonly frames: number;
  /** How sounds of other length fill them. Default: `'loop'`. */
  readonly fit?: SoundInput['fit'];
  /** Windows of a sound, evenly over its length, whose embeddings are averaged. Default: 4, or 1 where it is stretched. */
  readonly windows?: number;
}

/** Embeddings of sounds of any length, one a sound, of length 1: the mean over some windows of each. */
export function embedSounds(graph: Graph, sounds: readonly Spectrogram[], options: EmbedSoundsOptions): Float32Array[] {
  const { frames, fit = 'loop' } = options;
  const { windows = fit === 'loop' ? 4 : 1 } = options;
  if (sounds.length === 0) return [];
  const shape = [frames, sounds[0]!.bands];
  const encoder = new ExampleEncoder(graph, shape, options);
  try {
    const dataset = {
      shape,
      classes: [],
      size: sounds.length * windows,
      read(row: number, into: Float32Array): void {
        const sound = sounds[Math.floor(row / windows)]!;
        writeSound(sound, fit, Math.floor(((row % windows) * sound.frames) / windows), frames, into);
      },
    };
    const rows = encoder.embed(
      dataset,
      Int32Array.from({ length: dataset.size }, (_, i) => i),
    );
    const { dimension } = encoder;
    return sounds.map((_, i) =>
      unitMean(rows.subarray(i * windows * dimension, (i + 1) * windows * dimension), dimension),
    );
  } finally {
    encoder.close();
  }
}

/** The mean of some rows, brought to length 1. */
function unitMean(rows: Float32Array, dimension: number): Float32Array {
  const sums = new Float64Array(dimension);
  for (let i = 0; i < rows.length; i++) sums[i % dimension]! += rows[i]!;
  const length = Math.sqrt(sums.reduce((total, value) => total + value * value, 0));
  return Float32Array.from(sums, (value) => (length > 0 ? value / length : 0));
}
