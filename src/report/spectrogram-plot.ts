import { InputError } from '../core/errors.ts';
import { encodePng } from '../image/encode.ts';
import type { RgbaImage } from '../image/image.ts';
import type { Spectrogram } from '../signal/spectrogram.ts';
import { type Axis, linearAxis } from './axis.ts';
import { resample } from './canvas.ts';
import { magma } from './colour-map.ts';
import { dataUrl } from './data-url.ts';
import { type Markup, markup } from './markup.ts';
import { frameSize, soundFrame, soundInner } from './sound-frame.ts';

export interface SpectrogramPlotOptions {
  readonly title: string;
  /** How long the sound is. */
  readonly seconds: number;
  /** Frequency of the last band in hertz, for bands that are evenly spaced; or an axis of one's own. */
  readonly y: number | Axis;
  /** What is black and what is brightest. Default: the least and the largest value. */
  readonly range?: readonly [low: number, high: number];
}

/** Pixels of the part that data lie in. */
const HEIGHT = 220;

/** A spectrogram as pixels: time to the right, low bands at the bottom, larger values brighter. */
export function spectrogramImage({ values, frames, bands }: Spectrogram, range?: readonly [number, number]): RgbaImage {
  if (frames === 0 || bands === 0 || values.length !== frames * bands)
    throw new InputError(
      `spectrogramImage: ${frames} frames of ${bands} bands need as many values, got ${values.length}`,
    );
  let [low, high] = range ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (!range) for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new InputError(`spectrogramImage: values must be finite, got ${low} to ${high}`);
  const data = new Uint8Array(frames * bands * 4).fill(255);
  for (let t = 0; t < frames; t++)
    for (let k = 0; k < bands; k++)
      data.set(magma((values[t * bands + k]! - low) / (high - low || 1)), ((bands - 1 - k) * frames + t) * 4);
  return { data, width: frames, height: bands };
}

/** A spectrogram, usually in decibels, over seconds and frequency. */
export async function spectrogramPlot(levels: Spectrogram, options: SpectrogramPlotOptions): Promise<Markup> {
  const { title, seconds, y, range } = options;
  const { left, top, width } = soundInner;
  const image = spectrogramImage(levels, range);
  // As many pixels as a screen shows of it, each the mean of what falls on it.
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const shown = resample(image, whole, Math.min(image.width, 2 * width), Math.min(image.height, 2 * HEIGHT));
  const url = dataUrl(await encodePng(shown), 'image/png');
  const axis =
    typeof y === 'number'
      ? linearAxis('kilohertz', 0, y / 1000, 4, (value) => String(Number(value.toPrecision(3))))
      : y;
  return soundFrame(
    { title, seconds, height: HEIGHT, y: axis },
    markup`<image href="${url}" x="${left}" y="${top}" width="${width}" height="${HEIGHT}" preserveAspectRatio="none"/>`,
  );
}

/** Several spectrograms below one another, as one drawing. */
export async function spectrogramStack(
  plots: readonly (SpectrogramPlotOptions & { readonly levels: Spectrogram })[],
): Promise<Markup> {
  const drawn = await Promise.all(plots.map(({ levels, ...options }) => spectrogramPlot(levels, options)));
  const { width, height } = frameSize(HEIGHT);
  const parts = drawn.map((svg, i) => markup`<g transform="translate(0 ${i * height})">${svg}</g>`);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height * drawn.length}" width="${width}" height="${height * drawn.length}" style="height:auto;max-width:100%">${parts}</svg>`;
}
