import type { PictureSize } from '../models/feature-network.ts';

/** A picture with as many pixels more on each side. */
export const grown = ({ height, width }: PictureSize, margin: number): PictureSize => ({
  height: height + 2 * margin,
  width: width + 2 * margin,
});

/** The cell that stands for one outside 0 … n − 1: mirrored at the edges, which are not repeated. */
function mirrored(i: number, n: number): number {
  const period = Math.max(1, 2 * (n - 1));
  const at = ((i % period) + period) % period;
  return Math.min(at, period - at);
}

/**
 * Values [H,W,C] with a mirrored margin, [H + 2m, W + 2m, C]. Networks see the edges of a picture less often than the rest,
 * so these would stay unpainted: they are painted inside a larger picture and its margin is cut off.
 */
export function withMargin(values: Float32Array, size: PictureSize, channels: number, margin: number): Float32Array {
  const { height, width } = grown(size, margin);
  const out = new Float32Array(height * width * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = mirrored(y - margin, size.height) * size.width;
    for (let x = 0; x < width; x++) {
      const from = (row + mirrored(x - margin, size.width)) * channels;
      for (let c = 0; c < channels; c++) out[to++] = values[from + c]!;
    }
  }
  return out;
}

/** What is inside the margin of values [H + 2m, W + 2m, C]: a copy. */
export function withoutMargin(values: Float32Array, size: PictureSize, channels: number, margin: number): Float32Array {
  const out = new Float32Array(size.height * size.width * channels);
  const [row, length] = [(size.width + 2 * margin) * channels, size.width * channels];
  for (let y = 0; y < size.height; y++) {
    const from = (y + margin) * row + margin * channels;
    out.set(values.subarray(from, from + length), y * length);
  }
  return out;
}
