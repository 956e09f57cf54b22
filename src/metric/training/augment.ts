import { direction } from '../../core/angle.ts';
import { InputError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import { formatShape, type Shape } from '../../core/shape.ts';

/** How far pictures are changed at random. Amounts are the largest, drawn evenly on both sides, unless said otherwise. */
export interface AugmentOptions {
  /** Degrees. */
  readonly rotate?: number;
  /** Share of the size: 0.1 is from 1/1.1 to 1.1 times as large. */
  readonly scale?: number;
  /** The same for one axis against the other. */
  readonly stretch?: number;
  /** Sideways shift of a row for each pixel down, as a share. */
  readonly shear?: number;
  /** Share of the side. */
  readonly shift?: number;
  /** Elastic bending: the standard deviation of where points go, as a share of the side. */
  readonly elastic?: number;
  /** Points a side that bend freely; between them the picture follows smoothly. Default: 5. */
  readonly elasticPoints?: number;
  /** Mirrors half of all pictures left to right. Default: false. */
  readonly flip?: boolean;
  /** Standard deviation of normal noise on every value. */
  readonly noise?: number;
  /** What lies outside of a picture. Default: 0. */
  readonly fill?: number;
}

/** Turns examples into the pictures of a network's input: to its size, changed at random. */
export interface Augmentation {
  /** Writes [h, w, C] made of `from`; equal paths give equal pictures. */
  apply(from: Float32Array, into: Float32Array, rng: Rng): void;
}

/** a·x + b·y + tx, c·x + d·y + ty: from a cell of the output, about its centre, to the example. */
interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly tx: number;
  readonly ty: number;
}

/**
 * Augmentation of pictures: one affine map (rotation, scale, stretch, shear, shift, mirror), elastic bending by cubic
 * B-splines over a coarse grid of random moves (Simard et al. 2003 blur noise; this is smooth at once), and noise. Each
 * value is the mean of k × k bilinear samples, k = ⌊shrinkage⌋.
 *
 * @param from shape of the examples, [H, W, C]
 * @param to height and width of the network's input; with no options the examples are only brought to this size
 * @throws InputError naming the option that is out of range.
 */
export function augmentation(from: Shape, to: readonly [number, number], options: AugmentOptions = {}): Augmentation {
  checkOptions(from, to, options);
  const [height, width, channels] = from as [number, number, number];
  const [h, w] = to;
  const { noise = 0, elastic = 0, elasticPoints = 5, fill = 0 } = options;
  const [scaleY, scaleX] = [height / h, width / w];
  const samples = Math.max(1, Math.floor(Math.min(scaleX, scaleY)));
  const bend = elastic > 0 ? new Bend(h, w, elasticPoints) : undefined;
  const warp = warper(height, width, channels, samples, fill);

  return {
    apply(source, into, rng) {
      const { a, b, c, d, tx, ty } = drawAffine(options, rng);
      const map: Affine = {
        a: a * scaleX,
        b: b * scaleX,
        c: c * scaleY,
        d: d * scaleY,
        tx: tx * width + (width - 1) / 2,
        ty: ty * height + (height - 1) / 2,
      };
      bend?.draw(rng, elastic);
      warp(source, into, h, w, map, bend);
      if (noise > 0) for (let i = 0; i < into.length; i++) into[i] = into[i]! + noise * rng.normal();
    },
  };
}

/** The linear part and, as shares of the side, the shift. */
function drawAffine(options: AugmentOptions, rng: Rng): Affine {
  const { rotate = 0, scale = 0, stretch = 0, shear = 0, shift = 0, flip = false } = options;
  const either = (most: number): number => rng.between(-most, most);
  const factor = (most: number): number => {
    const by = 1 + most * rng.uniform();
    return rng.below(2) === 0 ? by : 1 / by;
  };
  const { cos, sin } = direction(either(rotate));
  const zoom = factor(scale);
  const wide = factor(stretch);
  const slant = either(shear);
  const mirror = flip && rng.below(2) === 1 ? -1 : 1;
  const [x, y] = [zoom * wide * mirror, zoom / wide];
  return {
    a: cos * x,
    b: (cos * slant - sin) * y,
    c: sin * x,
    d: (sin * slant + cos) * y,
    tx: either(shift),
    ty: either(shift),
  };
}

/** A smooth random field of moves over [h, w]: a coarse grid of them, between which cubic B-splines run. */
class Bend {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly #points: number;
  readonly #h: number;
  readonly #w: number;
  readonly #rows: Float64Array;
  readonly #columns: Float64Array;
  readonly #line: Float64Array;
  readonly #moves: Float64Array;

  constructor(h: number, w: number, points: number) {
    this.x = new Float64Array(h * w);
    this.y = new Float64Array(h * w);
    this.#points = points;
    this.#h = h;
    this.#w = w;
    this.#rows = splineWeights(h, points);
    this.#columns = splineWeights(w, points);
    this.#line = new Float64Array(points);
    this.#moves = new Float64Array(points * points);
  }

  draw(rng: Rng, deviation: number): void {
    for (const [field, side] of [[this.x, this.#w] as const, [this.y, this.#h] as const]) {
      for (let i = 0; i < this.#moves.length; i++) this.#moves[i] = rng.normal() * deviation * side;
      this.#spread(field);
    }
  }

  /** field = rows · moves · columnsᵀ. */
  #spread(field: Float64Array): void {
    const n = this.#points;
    const [rows, columns, moves, line] = [this.#rows, this.#columns, this.#moves, this.#line];
    for (let i = 0, cell = 0; i < this.#h; i++) {
      line.fill(0);
      for (let k = 0; k < n; k++) for (let q = 0; q < n; q++) line[q] = line[q]! + rows[i * n + k]! * moves[k * n + q]!;
      for (let j = 0; j < this.#w; j++, cell++) {
        let sum = 0;
        for (let q = 0; q < n; q++) sum += line[q]! * columns[j * n + q]!;
        field[cell] = sum;
      }
    }
  }
}

/** Cubic B-spline weights of `points` knots, one beyond either end, for each of n cells; [n, points], rows add up to 1. */
function splineWeights(n: number, points: number): Float64Array {
  const weights = new Float64Array(n * points);
  for (let i = 0; i < n; i++) {
    const at = ((i + 0.5) / n) * (points - 3) + 1;
    for (let k = 0; k < points; k++) {
      const t = Math.abs(at - k);
      if (t < 1) weights[i * points + k] = (4 - 6 * t * t + 3 * t * t * t) / 6;
      else if (t < 2) weights[i * points + k] = ((2 - t) * (2 - t) * (2 - t)) / 6;
    }
  }
  return weights;
}

type Warp = (
  source: Float32Array,
  into: Float32Array,
  h: number,
  w: number,
  map: Affine,
  bend: Bend | undefined,
) => void;

/** Samples pictures of [height, width, channels]. */
function warper(height: number, width: number, channels: number, samples: number, fill: number): Warp {
  // A border of two pixels around the picture: no sample has to ask whether it is inside.
  const row = (width + 4) * channels;
  const framed = new Float32Array((height + 4) * row).fill(fill);
  const [mostX, mostY] = [width + 2.5, height + 2.5];
  const [step, first] = [1 / samples, 0.5 / samples - 0.5];
  const share = 1 / (samples * samples);
  return (source, into, h, w, { a, b, c, d, tx, ty }, bend) => {
    for (let y = 0; y < height; y++)
      framed.set(source.subarray(y * width * channels, (y + 1) * width * channels), (y + 2) * row + 2 * channels);
    into.fill(0);
    for (let s = 0; s < samples * samples; s++) {
      const left = first + (s % samples) * step - (w - 1) / 2;
      const top = first + Math.floor(s / samples) * step - (h - 1) / 2;
      for (let i = 0, cell = 0; i < h; i++)
        for (let j = 0; j < w; j++, cell++) {
          const u = bend ? j + left + bend.x[cell]! : j + left;
          const v = bend ? i + top + bend.y[cell]! : i + top;
          // Beyond the frame there is nothing but fill, however far.
          let x = a * u + b * v + tx + 2;
          let y = c * u + d * v + ty + 2;
          x = x < 0 ? 0 : Math.min(x, mostX);
          y = y < 0 ? 0 : Math.min(y, mostY);
          // Neither is negative: this is their floor.
          const x0 = x | 0;
          const y0 = y | 0;
          const right = x - x0;
          const below = y - y0;
          let p = y0 * row + x0 * channels;
          for (let at = cell * channels; at < (cell + 1) * channels; at++, p++) {
            const upper = framed[p]! + (framed[p + channels]! - framed[p]!) * right;
            const q = p + row;
            const lower = framed[q]! + (framed[q + channels]! - framed[q]!) * right;
            into[at] = into[at]! + (upper + (lower - upper) * below) * share;
          }
        }
    }
  };
}

function checkOptions(from: Shape, to: readonly [number, number], options: AugmentOptions): void {
  if (from.length !== 3)
    throw new InputError(`augmentation: examples must be pictures, [H,W,C], got ${formatShape(from)}`);
  if (!(to.length === 2 && to.every((side) => Number.isInteger(side) && side > 0)))
    throw new InputError(`augmentation: the size must be whole numbers of at least 1, got ${JSON.stringify(to)}`);
  const { elasticPoints = 5, fill = 0, flip = false, ...amounts } = options;
  for (const [name, amount] of Object.entries(amounts))
    if (!(typeof amount === 'number' && amount >= 0 && amount < Number.POSITIVE_INFINITY))
      throw new InputError(`augmentation: ${name} must be a finite number of at least 0, got ${amount}`);
  if (!Number.isInteger(elasticPoints) || elasticPoints < 4)
    throw new InputError(`augmentation: elasticPoints must be a whole number of at least 4, got ${elasticPoints}`);
  if (!Number.isFinite(fill)) throw new InputError(`augmentation: fill must be finite, got ${fill}`);
  if (typeof flip !== 'boolean') throw new InputError(`augmentation: flip must be true or false, got ${flip}`);
}
