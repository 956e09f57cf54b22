import { InputError } from '../../core/errors.ts';
import type { ReceptiveAxis } from '../../graph/receptive-field.ts';

/** One tile along one axis, in pixels of the picture. */
export interface Stretch {
  /** Where what is worked on starts: `crop` pixels, the tile and its halo. */
  readonly start: number;
  /** The tile itself: from the one to before the other. */
  readonly from: number;
  readonly to: number;
  /** True where the picture ends here. */
  readonly last: boolean;
}

/** How an axis is cut. */
export interface AxisCut {
  /** Pixels that are worked on at once: as many for each tile. */
  readonly crop: number;
  readonly stretches: readonly Stretch[];
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

function leastCommonMultiple(values: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return values.reduce((product, value) => (product / divisor(product, value)) * value, 1);
}

/** Pixels around a tile that its own units see too. */
interface Halo {
  readonly before: number;
  readonly after: number;
  /** The total stride: tiles start at its multiples. */
  readonly step: number;
}

function haloOf(fields: readonly ReceptiveAxis[]): Halo {
  const step = leastCommonMultiple(fields.map(({ stride }) => stride));
  return {
    step,
    before: roundUp(Math.max(0, ...fields.map(({ padding }) => padding)), step),
    // The last own unit of a layer starts a stride before the tile's end.
    after: Math.max(0, ...fields.map(({ size, stride, padding }) => size - padding - stride)),
  };
}

/** Pixels of the tile in the middle of a crop, a multiple of the step; less than a step where there is no room. */
const ownPixels = (crop: number, { before, after, step }: Halo): number =>
  Math.floor((crop - before - after) / step) * step;

/** How many crops of a size it takes: the first has no halo before it, the last none after it. */
const cropsFor = (pixels: number, crop: number, halo: Halo): number =>
  crop >= pixels ? 1 : 1 + Math.ceil((pixels - crop) / ownPixels(crop, halo));

/**
 * Cuts an axis into as few crops of at most `largest` pixels as it takes, each as small as that many allow. All are of one
 * size, which is that of the picture less whole strides, and all start at whole strides: so each layer of a crop is a part
 * of the picture's layer, with the same padding at the picture's edges. What a unit of a tile sees lies in its crop.
 *
 * @param fields Receptive fields of the layers along this axis
 * @throws InputError where the halo alone is larger
 */
export function cutAxis(pixels: number, largest: number, fields: readonly ReceptiveAxis[]): AxisCut {
  const whole: AxisCut = { crop: pixels, stretches: [{ start: 0, from: 0, to: pixels, last: true }] };
  if (pixels <= largest) return whole;
  if (fields.some(({ stride }) => !(Number.isInteger(stride) && stride >= 1)))
    throw new InputError('tiles: a layer whose units see all of the picture cannot be worked on tile by tile');
  const halo = haloOf(fields);
  const { step, before } = halo;
  const needed = before + halo.after + step;
  const least = needed + ((((pixels - needed) % step) + step) % step);
  if (largest < least)
    throw new InputError(`tiles: a side must be at least ${least} pixels for these layers, got ${largest}`);
  let crop = least + Math.floor((largest - least) / step) * step;
  const count = cropsFor(pixels, crop, halo);
  while (crop > least && cropsFor(pixels, crop - step, halo) === count) crop -= step;
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * (pixels - crop)) / step / (count - 1)) * step);
  const stretches = starts.map((start, i) => ({
    start,
    from: i === 0 ? 0 : start + before,
    to: i === count - 1 ? pixels : starts[i + 1]! + before,
    last: i === count - 1,
  }));
  return { crop, stretches };
}

/** Which units of a layer belong to a tile. */
export interface OwnUnits {
  /** The first of them among those of the crop. */
  readonly first: number;
  readonly count: number;
  /** The first of them among those of the picture. */
  readonly at: number;
}

/** @param units Units of the layer in a crop */
export function ownUnits({ start, from, to, last }: Stretch, stride: number, units: number): OwnUnits {
  const first = Math.min(units, (from - start) / stride);
  const end = last ? units : Math.min(units, (to - start) / stride);
  return { first, count: end - first, at: start / stride + first };
}
