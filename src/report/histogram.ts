import { linearAxis, percent, roundStep } from './axis.ts';
import { across, chart, rim, tidy, up } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

export interface HistogramOptions {
  /** Default: `'Distances of pairs'`. */
  readonly title?: string;
  /** What the two kinds are called. Default: `'same person'` and `'different people'`. */
  readonly names?: readonly [same: string, different: string];
  /** Where the threshold may lie as well, drawn as a band. */
  readonly interval?: { readonly low: number; readonly high: number };
}

/** About so many bars from 0 to the largest distance. */
const BARS = 30;

/** The share of values in each of `bins` equal steps from 0 to `high`; values above go into the last. */
function sharesOf(values: ArrayLike<number>, high: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) counts[Math.min(bins - 1, Math.floor((values[i]! / high) * bins))]!++;
  return counts.map((count) => count / Math.max(1, values.length));
}

/** Distances of pairs of the same and of different people, as two overlaid histograms with the threshold between. */
export function distanceHistogram(
  same: ArrayLike<number>,
  different: ArrayLike<number>,
  threshold: number,
  options: HistogramOptions = {},
): Markup {
  const { title = 'Distances of pairs', names = ['same person', 'different people'], interval } = options;
  let largest = threshold;
  for (const values of [same, different])
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  if (!(largest > 0)) largest = 1;
  const step = roundStep(largest / 6);
  const steps = Math.ceil(largest / step + 1e-9);
  const high = steps * step;
  const bins = Math.max(1, Math.round(BARS / steps)) * steps;
  const [sames, differents] = [sharesOf(same, high, bins), sharesOf(different, high, bins)];
  const top = Math.ceil(Math.max(...sames, ...differents, 0.01) * 20) / 20;
  const x = linearAxis('distance', 0, high, steps, (value) => String(Number(value.toPrecision(6))));
  const y = linearAxis('share of pairs', 0, top, 5, percent);

  const width = tidy(across(1 / bins) - across(0) - 1);
  const bars = (shares: readonly number[], colour: string) =>
    shares.map((share, i) =>
      share > 0
        ? markup`<rect x="${tidy(across(i / bins) + 0.5)}" y="${up(y.place(share))}" width="${width}" height="${tidy(up(0) - up(y.place(share)))}" fill="${colour}" fill-opacity="0.7"/>`
        : null,
    );
  const line = across(x.place(threshold));
  const right = x.place(threshold) < 0.7;
  return chart(
    title,
    x,
    y,
    [
      interval ? band(x.place(interval.low), x.place(Math.min(interval.high, high))) : markup``,
      markup`${bars(differents, theme.tones.no)}${bars(sames, theme.tones.yes)}`,
      markup`<line x1="${line}" y1="${up(1)}" x2="${line}" y2="${up(0)}" stroke="${theme.ink}" stroke-dasharray="5 4"/><text x="${line + (right ? 6 : -6)}" y="${up(1) + 14}" text-anchor="${right ? 'start' : 'end'}" fill="${theme.ink}" ${rim}>threshold ${Number(threshold.toFixed(3))}</text>`,
    ],
    [
      { text: names[0], colour: theme.tones.yes },
      { text: names[1], colour: theme.tones.no },
    ],
  );
}

const band = (from: number, to: number): Markup =>
  markup`<rect x="${across(from)}" y="${up(1)}" width="${tidy(across(to) - across(from))}" height="${tidy(up(0) - up(1))}" fill="${theme.ink}" fill-opacity="0.1"/>`;
