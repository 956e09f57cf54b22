import { InputError } from '../core/errors.ts';
import { type Axis, percent, roundAxis } from './axis.ts';
import { across, chart, inner, rim, tidy, up } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { series, theme } from './theme.ts';

export interface EmbeddingMapOptions {
  /** Default: `'Embedding map'`. */
  readonly title?: string;
  /** The share of all variance along each direction, for the axes' titles. */
  readonly shares?: readonly number[];
}

/** Names of more classes would hide the points. */
const MOST_NAMES = 24;

type Draw = (x: number, y: number) => string;

/** Shapes tell apart classes that share a colour. */
const shapes: readonly Draw[] = [
  (x, y) => `M${tidy(x - 4)} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`,
  (x, y) => `M${tidy(x - 3.6)} ${tidy(y - 3.6)}h7.2v7.2h-7.2Z`,
  (x, y) => `M${x} ${tidy(y - 4.8)}l4.6 8h-9.2Z`,
  (x, y) => `M${x} ${tidy(y - 5)}l5 5l-5 5l-5 -5Z`,
  (x, y) => `M${x} ${tidy(y + 4.8)}l4.6 -8h-9.2Z`,
];

/** Two axes of one scale, so that distances on the map are distances. */
function evenAxes(points: readonly (readonly number[])[], titles: readonly [string, string]): [Axis, Axis] {
  const reachOf = (k: number) => {
    const values = points.map((point) => point[k]!);
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return { middle: (low + high) / 2, reach: (high - low) / 2 };
  };
  const [x, y] = [reachOf(0), reachOf(1)];
  const unit = 1.1 * Math.max(x.reach / inner.width, y.reach / inner.height) || 1 / inner.width;
  const axis = (title: string, middle: number, reach: number): Axis => ({
    title,
    ticks: roundAxis(title, middle - reach, middle + reach).ticks.filter(({ at }) => Math.abs(at - middle) <= reach),
    place: (value) => (value - middle + reach) / (2 * reach),
  });
  return [axis(titles[0], x.middle, unit * inner.width), axis(titles[1], y.middle, unit * inner.height)];
}

/**
 * Embeddings as points of a plane, such as their first two principal components, in the colours and shapes of their
 * classes; both axes have one scale. Up to 24 classes are named.
 *
 * @throws InputError unless each point has two finite coordinates and a label.
 */
export function embeddingMap(
  points: readonly (readonly number[])[],
  labels: readonly (string | number)[],
  { title = 'Embedding map', shares = [] }: EmbeddingMapOptions = {},
): Markup {
  if (points.length === 0 || labels.length !== points.length)
    throw new InputError(`embeddingMap: expected a label for each point, got ${labels.length} for ${points.length}`);
  const wrong = points.find(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y));
  if (wrong) throw new InputError(`embeddingMap: expected points of two finite coordinates, got ${wrong}`);
  const nameOf = (k: number): string =>
    `direction ${k + 1}${shares[k] === undefined ? '' : ` (${percent(shares[k]!)} of the variance)`}`;
  const [x, y] = evenAxes(points, [nameOf(0), nameOf(1)]);
  const classes = [...new Set(labels)];
  const placed = points.map(([px, py]) => [across(x.place(px!)), up(y.place(py!))] as const);
  const dots = classes.map((label, c) => {
    const shape = shapes[Math.floor(c / series.length) % shapes.length]!;
    const path = placed.filter((_, i) => labels[i] === label).map(([px, py]) => shape(px, py));
    return markup`<path d="${path.join('')}" fill="${series[c % series.length]}" fill-opacity="0.75" stroke="#fff" stroke-width="0.6"><title>${label}</title></path>`;
  });
  return chart(title, x, y, [...dots, ...(classes.length <= MOST_NAMES ? namesOf(classes, labels, placed) : [])]);
}

/** Each class's name in the middle of its points, moved off those already written. */
function namesOf(
  classes: readonly (string | number)[],
  labels: readonly (string | number)[],
  placed: readonly (readonly [number, number])[],
): Markup[] {
  const taken: { x: number; y: number; width: number }[] = [];
  return classes.map((label) => {
    const own = placed.filter((_, i) => labels[i] === label);
    const text = String(label).length > 18 ? `${String(label).slice(0, 17)}…` : String(label);
    const width = text.length * 7;
    const x = tidy(
      Math.min(
        Math.max(own.reduce((sum, [px]) => sum + px, 0) / own.length, across(0) + width / 2),
        across(1) - width / 2,
      ),
    );
    let y = tidy(own.reduce((sum, [, py]) => sum + py, 0) / own.length);
    while (taken.some((other) => Math.abs(other.x - x) < (other.width + width) / 2 && Math.abs(other.y - y) < 12))
      y = tidy(y + 3);
    taken.push({ x, y, width });
    return markup`<text x="${x}" y="${y + 4}" text-anchor="middle" font-weight="700" fill="${theme.ink}" ${rim}>${text}</text>`;
  });
}
