import { across, chart, linearAxis, up } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** The share of values in each of `bins` equal steps from 0 to `high`; values above go into the last. */
function sharesOf(values: ArrayLike<number>, high: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) counts[Math.min(bins - 1, Math.floor((values[i]! / high) * bins))]!++;
  return counts.map((count) => count / Math.max(1, values.length));
}

/** Distances of pairs of the same and of different people, as two overlaid histograms with the threshold between. */
export function distanceHistogram(same: ArrayLike<number>, different: ArrayLike<number>, threshold: number): Markup {
  let largest = threshold;
  for (const values of [same, different])
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  const high = Math.ceil(largest * 5 + 1e-9) / 5;
  const bins = Math.round(high / 0.04);
  const [sames, differents] = [sharesOf(same, high, bins), sharesOf(different, high, bins)];
  const top = Math.ceil(Math.max(...sames, ...differents, 0.01) * 20) / 20;
  const x = linearAxis('distance', 0, high, Math.round(high * 5), (value) => value.toFixed(1));
  const y = linearAxis('share of pairs', 0, top, 5, (value) => `${Number((value * 100).toFixed(1))} %`);

  const width = across(1 / bins) - across(0);
  const bars = (shares: readonly number[], colour: string) =>
    shares.map((share, i) =>
      share > 0
        ? markup`<rect x="${across(i / bins) + 0.5}" y="${up(y.place(share))}" width="${width - 1}" height="${up(0) - up(y.place(share))}" fill="${colour}" fill-opacity="0.7"/>`
        : null,
    );
  const key = (left: number, colour: string, text: string) =>
    markup`<rect x="${left}" y="15" width="11" height="11" rx="2" fill="${colour}" fill-opacity="0.7"/><text x="${left + 16}" y="25">${text}</text>`;
  const line = across(x.place(threshold));
  return chart('Distances', x, y, [
    markup`${bars(differents, theme.tones.no)}${bars(sames, theme.tones.yes)}`,
    markup`<line x1="${line}" y1="${up(1)}" x2="${line}" y2="${up(0)}" stroke="${theme.ink}" stroke-dasharray="5 4"/><text x="${line + 6}" y="${up(1) + 14}" fill="${theme.ink}">threshold ${Number(threshold.toFixed(3))}</text>`,
    key(across(0.48), theme.tones.yes, 'same person'),
    key(across(0.74), theme.tones.no, 'different people'),
  ]);
}
