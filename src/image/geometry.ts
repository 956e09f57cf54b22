import { InputError } from '../core/errors.ts';

/** A position in pixels, x to the right and y down; whole numbers are pixel centres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its top left corner and its size, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rotation, scale and translation in one: x′ = a·x − b·y + tx, y′ = b·x + a·y + ty. Its scale is √(a² + b²). */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** The point (a·x − b·y + tx, b·x + a·y + ty). */
export const applySimilarity = ({ a, b, tx, ty }: Similarity, { x, y }: Point): Point => ({
  x: a * x - b * y + tx,
  y: b * x + a * y + ty,
});

/** √(a² + b²): the length that a step of one becomes. */
export const scaleOf = ({ a, b }: Similarity): number => Math.sqrt(a * a + b * b);

/** The mean of some points. @throws InputError where there are none. */
export function centroidOf(points: readonly Point[]): Point {
  if (points.length === 0) throw new InputError('centroidOf: expected at least one point, got none');
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x;
    y += point.y;
  }
  return { x: x / points.length, y: y / points.length };
}

/**
 * The similarity S with the least Σᵢ ‖S(fromᵢ) − toᵢ‖² (Umeyama 1991 without reflection; in two dimensions it is closed
 * form and needs no angle). With both sets taken about their centroids:
 * a = Σ(x·x′ + y·y′) / Σ(x² + y²), b = Σ(x·y′ − y·x′) / Σ(x² + y²).
 *
 * @throws InputError where the sets differ in length, hold fewer than two points or a number that is not finite, or where
 * no similarity fits them: all points of a set in one place, or one set a mirror image of the other.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  if (from.length !== to.length || from.length < 2)
    throw new InputError(
      `fitSimilarity: expected two sets of at least two points, one for one, got ${from.length} and ${to.length}`,
    );
  for (const [name, points] of [['from', from] as const, ['to', to] as const]) {
    const at = points.findIndex(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y));
    if (at >= 0)
      throw new InputError(
        `fitSimilarity: expected finite points, got (${points[at]!.x}, ${points[at]!.y}) as ${name}[${at}]`,
      );
  }
  const f = centroidOf(from);
  const t = centroidOf(to);
  let along = 0;
  let across = 0;
  let fromSpread = 0;
  let toSpread = 0;
  for (let i = 0; i < from.length; i++) {
    const x = from[i]!.x - f.x;
    const y = from[i]!.y - f.y;
    const u = to[i]!.x - t.x;
    const v = to[i]!.y - t.y;
    along += x * u + y * v;
    across += x * v - y * u;
    fromSpread += x * x + y * y;
    toSpread += u * u + v * v;
  }
  const a = along / fromSpread;
  const b = across / fromSpread;
  // What is left of spreads or of a correlation that should be 0 is rounding: about 1e-16 of the sums, taken at 1e-12.
  const inOnePlace = (spread: number, { x, y }: Point) => !(spread > 1e-24 * from.length * (x * x + y * y));
  const correlation = along * along + across * across;
  if (inOnePlace(fromSpread, f) || inOnePlace(toSpread, t) || !(correlation > 1e-24 * fromSpread * toSpread))
    throw new InputError(
      `fitSimilarity: no similarity fits these ${from.length} points: a set lies in one place, or is a mirror image`,
    );
  return { a, b, tx: t.x - (a * f.x - b * f.y), ty: t.y - (b * f.x + a * f.y) };
}

/** The part of a box inside a picture of this size; width and height 0 where there is none. */
export function clipBox(box: Box, width: number, height: number): Box {
  const x = Math.min(Math.max(box.x, 0), width);
  const y = Math.min(Math.max(box.y, 0), height);
  return {
    x,
    y,
    width: Math.max(0, Math.min(box.x + box.width, width) - x),
    height: Math.max(0, Math.min(box.y + box.height, height) - y),
  };
}

/** A box on whole pixels: x, y, width and height each rounded down. */
export const floorBox = ({ x, y, width, height }: Box): Box => ({
  x: Math.floor(x),
  y: Math.floor(y),
  width: Math.floor(width),
  height: Math.floor(height),
});

/** Shared area over the area of both together, 0 … 1; 0 for boxes without area. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  const together = a.width * a.height + b.width * b.height - shared;
  return together > 0 ? shared / together : 0;
}
