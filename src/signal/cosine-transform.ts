import { direction } from '../core/angle.ts';
import type { Spectrogram } from './spectrogram.ts';

/**
 * The first `count` coefficients of each frame's discrete cosine transform II with orthonormal rows:
 * c[i] = s_i · Σ_j x[j] · cos(π·i·(j + ½)/n), s_0 = √(1/n), else √(2/n).
 */
export function cosineTransform({ values, frames, bands }: Spectrogram, count: number): Spectrogram {
  const rows = Array.from({ length: count }, (_, i) => {
    const scale = Math.sqrt((i === 0 ? 1 : 2) / bands);
    return Float64Array.from({ length: bands }, (_, j) => scale * direction((180 * i * (j + 0.5)) / bands).cos);
  });
  const all = new Float32Array(frames * count);
  for (let t = 0; t < frames; t++)
    for (const [i, row] of rows.entries()) {
      let sum = 0;
      for (let j = 0; j < bands; j++) sum += row[j]! * values[t * bands + j]!;
      all[t * count + i] = sum;
    }
  return { values: all, frames, bands: count };
}
