import { type Axis, across, chart, linearAxis, pathThrough, up } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** One point of a ROC curve: at some threshold, the share of different pairs and of same pairs taken for the same. */
export interface RocPoint {
  readonly far: number;
  readonly tar: number;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** Decades of false accepts; 0 and all below `low` lie on the left edge. */
function decades(low: number): Axis {
  const ticks = [];
  for (let at = low; at < 1.5; at *= 10) ticks.push({ at, text: percent(at) });
  return {
    title: 'false accepts (different people taken for the same)',
    ticks,
    place: (value) => 1 - Math.log10(Math.max(value, low)) / Math.log10(low),
  };
}

/**
 * A ROC curve as an SVG: true accepts over false accepts, the latter in decades down to what the number of
 * different pairs can resolve. The curve is drawn in steps, as it was measured, and marks the given points.
 */
export function rocPlot(
  points: readonly RocPoint[],
  marks: readonly (RocPoint & { readonly name: string })[] = [],
): Markup {
  const sorted = [...points].sort((a, b) => a.far - b.far || a.tar - b.tar);
  const least = sorted.find(({ far }) => far > 0)?.far ?? 1;
  let low = 0.1;
  while (low > least * 1.0001 && low > 1e-6) low /= 10;
  const x = decades(low);
  const worst = Math.min(1, ...sorted.filter(({ far }) => far >= low).map(({ tar }) => tar));
  const bottom = worst > 0.9 ? 0.9 : worst > 0.5 ? 0.5 : 0;
  const y = linearAxis('true accepts (same person found the same)', bottom, 1, 5, percent);

  const line: [number, number][] = [];
  let height = 0;
  for (const { far, tar } of sorted) {
    const place = x.place(far);
    line.push([place, Math.max(0, y.place(height))]);
    height = Math.max(height, tar);
    line.push([place, Math.max(0, y.place(height))]);
  }
  line.push([1, Math.max(0, y.place(height))]);
  const dots = marks.map(({ far, tar, name }) => {
    const [px, py] = [across(x.place(far)), up(Math.max(0, y.place(tar)))];
    const right = x.place(far) < 0.5;
    return markup`<circle cx="${px}" cy="${py}" r="4.5" fill="${theme.tones.no}" stroke="#fff" stroke-width="1.5"/><text x="${px + (right ? 10 : -10)}" y="${py + 18}" text-anchor="${right ? 'start' : 'end'}" fill="${theme.ink}">${name}</text>`;
  });
  return chart('ROC', x, y, [
    markup`<path d="${pathThrough(line)}" fill="none" stroke="${theme.tones.plain}" stroke-width="2.5" stroke-linejoin="round"/>`,
    ...dots,
  ]);
}
