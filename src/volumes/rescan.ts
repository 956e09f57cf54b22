import { exp } from '../core/math.ts';
import type { Rng } from '../core/rng.ts';
import { applied, composed, type Vector } from './affine.ts';
import { motionAffine } from './motion.ts';
import { type Grid, ontoGrid } from './onto-grid.ts';
import type { Volume } from './volume.ts';

/** How far another scan of the same differs. Amounts of motion are the largest, drawn evenly on both sides. */
export interface RescanOptions {
  /** Degrees about each axis. Default: 0. */
  readonly rotate?: number;
  /** Millimetres along each axis. Default: 0. */
  readonly shift?: number;
  /** Standard deviation of the logarithm of a gain that changes slowly over the grid, as a coil's does. Default: 0. */
  readonly bias?: number;
  /** Standard deviation of normal noise, as a share of that of the values. Default: 0. */
  readonly noise?: number;
}

/** Points along each axis between which the gain runs straight. */
const GAIN_POINTS = 3;

/**
 * What another scan would show on a grid: the volume moved rigidly about the grid's middle, each value times a gain that
 * changes slowly, plus noise. What random numbers are drawn depends on the options alone.
 *
 * @returns [depth, height, width] of the grid
 */
export function rescanned(volume: Volume, grid: Grid, options: RescanOptions, rng: Rng): Float32Array {
  const { rotate = 0, shift = 0, bias = 0, noise = 0 } = options;
  const [depth, height, width] = grid.shape;
  const centre = applied(grid.affine, [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2]);
  const within = (most: number): Vector => [
    rng.between(-most, most),
    rng.between(-most, most),
    rng.between(-most, most),
  ];
  const motion = motionAffine({ rotation: within(rotate), translation: within(shift) }, centre);
  const { values } = ontoGrid(volume, { shape: grid.shape, affine: composed(motion, grid.affine) });
  if (bias > 0) {
    const points = Float64Array.from({ length: GAIN_POINTS * GAIN_POINTS * GAIN_POINTS }, () => rng.normal() * bias);
    const gain = gainField(points, grid.shape);
    for (let i = 0; i < values.length; i++) values[i]! *= gain[i]!;
  }
  if (noise > 0) {
    const deviation = noise * deviationOf(values).deviation;
    for (let i = 0; i < values.length; i++) values[i]! += deviation * rng.normal();
  }
  return values;
}

/** e to the power of a trilinear field between GAIN_POINTS³ points that span the grid: along z, then y, then x. */
function gainField(points: Float64Array, [depth, height, width]: Grid['shape']): Float64Array {
  const [z, y, x] = [depth, height, width].map(sharesOf) as [Share[], Share[], Share[]];
  const gain = new Float64Array(depth * height * width);
  let at = 0;
  for (const share of z) {
    const plane = between(points, share, GAIN_POINTS * GAIN_POINTS);
    for (const across of y) {
      const row = between(plane, across, GAIN_POINTS);
      for (const { low, share: u } of x) gain[at++] = exp(row[low]! * (1 - u) + row[low + 1]! * u);
    }
  }
  return gain;
}

/** Of rows of `stride` points, the one at a share of the way between two. */
const between = (points: Float64Array, { low, share }: Share, stride: number): Float64Array =>
  Float64Array.from(
    { length: stride },
    (_, i) => points[low * stride + i]! * (1 - share) + points[(low + 1) * stride + i]! * share,
  );

interface Share {
  /** The point before a cell. */
  readonly low: number;
  /** How far towards the next. */
  readonly share: number;
}

const sharesOf = (size: number): Share[] =>
  Array.from({ length: size }, (_, i) => {
    const place = ((i + 0.5) / size) * (GAIN_POINTS - 1);
    const low = Math.min(GAIN_POINTS - 2, Math.floor(place));
    return { low, share: place - low };
  });

/** Mean and standard deviation. */
export function deviationOf(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
