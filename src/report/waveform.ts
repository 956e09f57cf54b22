import { InputError } from '../core/errors.ts';
import { linearAxis } from './axis.ts';
import { tidy } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { soundFrame, soundInner } from './sound-frame.ts';
import { series, theme } from './theme.ts';

/** The lowest and the highest of the samples that share a column of pixels; a column of less than one sample repeats it. */
function extremes(samples: Float32Array, columns: number): [low: number, high: number][] {
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * samples.length) / columns);
    const to = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / columns));
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let j = from; j < to; j++) [low, high] = [Math.min(low, samples[j]!), Math.max(high, samples[j]!)];
    return [low, high];
  });
}

/** An SVG path around all samples, `width` by `height` from (left, top), where `most` is full scale. */
function waveformPath(
  samples: Float32Array,
  {
    left = 0,
    top = 0,
    width,
    height,
    most = 1,
  }: Readonly<Record<'width' | 'height', number>> & Partial<Record<'left' | 'top' | 'most', number>>,
): string {
  const columns = extremes(samples, Math.round(width));
  const y = (value: number): number => tidy(top + (0.5 - value / most / 2) * height);
  // Half a pixel of thickness keeps silence and a sound that is one line visible.
  const edge = (side: 0 | 1) =>
    columns.map((column, i) => `${tidy(left + i + 0.5)} ${tidy(y(column[side]) + (side ? -0.4 : 0.4))}`);
  return `M${edge(1).join('L')}L${edge(0).reverse().join('L')}Z`;
}

export interface WaveformOptions {
  readonly title: string;
  readonly sampleRate: number;
  /** What the edges stand for. Default: the largest |sample|, rounded up. */
  readonly fullScale?: number;
}

/**
 * A sound as it swings, over seconds.
 * @throws InputError where it has no samples, or one is not finite
 */
export function waveform(samples: Float32Array, { title, sampleRate, fullScale }: WaveformOptions): Markup {
  if (samples.length === 0) throw new InputError('waveform: there are no samples');
  let peak = 0;
  for (const value of samples) {
    if (!Number.isFinite(value)) throw new InputError(`waveform: samples must be finite, got ${value}`);
    peak = Math.max(peak, Math.abs(value));
  }
  const most = fullScale ?? (peak > 0 ? Math.ceil(peak * 20 - 1e-6) / 20 : 1);
  const height = 130;
  const y = linearAxis('amplitude', -most, most, 2, (value) => String(Number(value.toPrecision(3))));
  const { left, top, width } = soundInner;
  const middle = top + height / 2;
  return soundFrame({ title, seconds: samples.length / sampleRate, height, y }, [
    markup`<line x1="${left}" y1="${middle}" x2="${left + width}" y2="${middle}" stroke="${theme.line}"/>`,
    markup`<path d="${waveformPath(samples, { left, top, width, height, most })}" fill="${series[0]}"/>`,
  ]);
}
