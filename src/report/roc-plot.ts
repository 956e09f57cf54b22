import { linearAxis, percent, powerAxis } from './axis.ts';
import { across, chart, pathThrough, rim, tidy, up } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { series, theme } from './theme.ts';

/** One point of a ROC curve: at some threshold, the share of different pairs and of same pairs taken for the same. */
export interface RocPoint {
  readonly far: number;
  readonly tar: number;
}

/** A curve with a name, where several are compared. */
export interface RocCurve {
  readonly name: string;
  readonly points: readonly RocPoint[];
}

/** A point to mark, with the interval of its true accepts where that is known. */
export interface RocMark extends RocPoint {
  readonly name: string;
  readonly interval?: { readonly low: number; readonly high: number };
}

const ascending = (points: readonly RocPoint[]): RocPoint[] =>
  [...points].sort((a, b) => a.far - b.far || a.tar - b.tar);

/**
 * A ROC curve, or several, as an SVG: true accepts over false accepts, the latter in decades down to what the number of
 * different pairs can resolve. Curves are drawn in steps, as they were measured; the given points are marked.
 */
export function rocPlot(
  curves: readonly RocPoint[] | readonly RocCurve[],
  marks: readonly RocMark[] = [],
  title = 'ROC curve',
): Markup {
  const named = curves.length > 0 && 'points' in curves[0]!;
  const list = (named ? curves : [{ name: '', points: curves }]) as readonly RocCurve[];
  const sorted = list.map(({ points }) => ascending(points));
  const least = Math.min(1, ...sorted.map((points) => points.find(({ far }) => far > 0)?.far ?? 1));
  let low = 0.1;
  while (low > least * 1.0001 && low > 1e-6) low /= 10;
  const x = powerAxis('false accepts (different taken for the same)', low, 1, percent);
  const seen = sorted.flat().filter(({ far }) => far >= low);
  const worst = Math.min(1, ...seen.map(({ tar }) => tar), ...marks.map(({ tar, interval }) => interval?.low ?? tar));
  const bottom = worst > 0.9 ? 0.9 : worst > 0.5 ? 0.5 : 0;
  const y = linearAxis('true accepts (same found the same)', bottom, 1, 5, percent);
  const height = (tar: number): number => Math.max(0, y.place(tar));

  const paths = sorted.map((points, i) => {
    const line: [number, number][] = [];
    let reached = 0;
    for (const { far, tar } of points) {
      line.push([x.place(far), height(reached)]);
      reached = Math.max(reached, tar);
      line.push([x.place(far), height(reached)]);
    }
    line.push([1, height(reached)]);
    return markup`<path d="${pathThrough(line)}" fill="none" stroke="${series[i % series.length]}" stroke-width="2.5" stroke-linejoin="round"/>`;
  });
  const dots = marks.map(({ far, tar, name, interval }) => {
    const [px, py] = [across(x.place(far)), up(height(tar))];
    const right = x.place(far) < 0.5;
    return markup`${interval ? whisker(px, up(height(interval.low)), up(height(interval.high))) : null}<circle cx="${px}" cy="${py}" r="4.5" fill="${theme.tones.no}" stroke="#fff" stroke-width="1.5"/><text x="${px + (right ? 10 : -10)}" y="${py + 18}" text-anchor="${right ? 'start' : 'end'}" fill="${theme.ink}" ${rim}>${name}</text>`;
  });
  const key = named ? list.map(({ name }, i) => ({ text: name, colour: series[i % series.length]! })) : [];
  return chart(title, x, y, [...paths, ...dots], key);
}

/** An interval as a line with ends. */
const whisker = (x: number, from: number, to: number): Markup =>
  markup`<path d="M${x} ${from}L${x} ${to}M${tidy(x - 5)} ${from}L${tidy(x + 5)} ${from}M${tidy(x - 5)} ${to}L${tidy(x + 5)} ${to}" fill="none" stroke="${theme.tones.no}" stroke-width="1.5"/>`;
