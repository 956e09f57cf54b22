import { type Axis, roundAxis } from './axis.ts';
import { across, chart, pathThrough, up } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { series, theme } from './theme.ts';

/** A line of a chart: its points by rising x. What is not finite is left out. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Where each y may lie as well, drawn as a band. */
  readonly band?: readonly (readonly [low: number, high: number])[];
}

export interface LineChartOptions {
  readonly title: string;
  readonly x: string | Axis;
  readonly y: string | Axis;
  /** Faint lines behind: single values whose running mean is the line. */
  readonly faint?: readonly Line[];
}

const finite = (points: Line['points']): Line['points'] =>
  points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));

/** An axis around all values; where they are of one sign, 0 is on it. */
function axisAround(title: string | Axis, values: readonly number[], fromZero: boolean): Axis {
  if (typeof title !== 'string') return title;
  let [low, high] = [fromZero ? 0 : Number.POSITIVE_INFINITY, fromZero ? 0 : Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? roundAxis(title, low, high) : roundAxis(title, 0, 1);
}

/** Lines over a common x, each in its colour. */
export function lineChart(lines: readonly Line[], { title, x, y, faint = [] }: LineChartOptions): Markup {
  const shown = lines.map((line) => ({ ...line, points: finite(line.points) }));
  const behind = faint.map((line) => ({ ...line, points: finite(line.points) }));
  const all = [...shown, ...behind].flatMap(({ points }) => points);
  const [xAxis, yAxis] = [
    axisAround(
      x,
      all.map(([at]) => at),
      false,
    ),
    axisAround(y, [...all.map(([, value]) => value), ...lines.flatMap(({ band = [] }) => band.flat())], true),
  ];
  const clamp = (share: number): number => Math.min(Math.max(share, 0), 1);
  const place = ([at, value]: readonly [number, number]): [number, number] => [
    clamp(xAxis.place(at)),
    clamp(yAxis.place(value)),
  ];
  const colour = (i: number): string => series[i % series.length]!;
  const path = (points: Line['points'], i: number, width: number, opacity: number): Markup =>
    points.length === 1
      ? markup`<circle cx="${across(place(points[0]!)[0])}" cy="${up(place(points[0]!)[1])}" r="3" fill="${colour(i)}"/>`
      : markup`<path d="${pathThrough(points.map(place))}" fill="none" stroke="${colour(i)}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linejoin="round"/>`;
  const bands = lines.map(({ points, band }, i) => {
    if (!band) return markup``;
    const edge = (side: 0 | 1) => points.map(([at], k): [number, number] => place([at, band[k]![side]]));
    return markup`<path d="${pathThrough([...edge(1), ...edge(0).reverse()])}Z" fill="${colour(i)}" fill-opacity="0.16"/>`;
  });
  return chart(
    title,
    xAxis,
    yAxis,
    [
      ...bands,
      ...behind.map(({ points }, i) => path(points, i, 1, 0.28)),
      ...shown.map(({ points }, i) => path(points, i, 2.2, 1)),
    ],
    lines.length > 1 ? lines.map(({ name }, i) => ({ text: name, colour: colour(i) })) : [],
  );
}

/** A dashed line from one place of the frame to another, in shares of it. */
export const dashed = (from: readonly [number, number], to: readonly [number, number]): Markup =>
  markup`<path d="${pathThrough([from, to])}" fill="none" stroke="${theme.quiet}" stroke-dasharray="5 4"/>`;
