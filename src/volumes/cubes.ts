import { InputError, VolumeError } from '../core/errors.ts';
import { nameNumber, Rng } from '../core/rng.ts';
import { applied, lengthOf, type Vector } from './affine.ts';
import { type Grid, ontoGrid } from './onto-grid.ts';
import { resampleVolume } from './resample.ts';
import { deviationOf, type RescanOptions, rescanned } from './rescan.ts';
import type { Volume } from './volume.ts';

export interface CubeOptions {
  /** Voxels along each side of a cube. */
  readonly side: number;
  /** Millimetres between its voxels: all volumes are brought to it. */
  readonly spacing: number;
  /** Places in each volume, as far as it has so many. */
  readonly places: number;
  /** Scans of each place. */
  readonly views: number;
  /** How the scans of a place differ. */
  readonly rescan?: RescanOptions;
  /** Millimetres between places, at least. Default: half of a cube's side. */
  readonly apart?: number;
  /** Default: 0. */
  readonly seed?: number;
}

/**
 * Scans of places in volumes, as examples to learn from or to be tested on (it is a `Dataset` of facsimile/metric): a class
 * is a place, its examples are scans of it that differ by motion, gain and noise. An example is a function of the seed, the
 * names and its number; nothing is kept.
 */
export interface CubeDataset {
  /** [side, side, side, 1] */
  readonly shape: readonly number[];
  readonly classes: readonly { readonly name: string; readonly examples: readonly number[] }[];
  readonly size: number;
  /** Writes an example, of mean 0 and standard deviation 1. */
  read(example: number, into: Float32Array): void;
}

/** Tries for each place before a volume counts as having no more. */
const TRIES = 100;
/** A cube must vary by this share of what its whole volume does: the air around a head is no place. */
const LEAST_CONTRAST = 0.5;

/**
 * Cubes of volumes as a dataset.
 *
 * @param volumes by name; names of classes are `name/0`, `name/1` …
 * @throws InputError where an option is out of range, VolumeError naming a volume without a place that shows anything
 * @example
 * const dataset = cubeDataset({ anna, boris }, { side: 24, spacing: 2, places: 8, views: 100, rescan: { rotate: 10 } });
 */
export function cubeDataset(volumes: Readonly<Record<string, Volume>>, options: CubeOptions): CubeDataset {
  const { side, spacing, places, views, rescan = {}, apart = (side * spacing) / 2, seed = 0 } = options;
  for (const [name, value] of Object.entries({ side, places, views }))
    if (!(Number.isInteger(value) && value > 0))
      throw new InputError(`cubeDataset: ${name} must be a whole number above 0, got ${value}`);
  const cubes = Object.entries(volumes).flatMap(([name, original]) => {
    const volume = resampleVolume(original, spacing);
    const rng = new Rng(seed, nameNumber(name));
    const found = placesIn(volume, side, spacing, apart, places, rng);
    if (found.length === 0) throw new VolumeError(`cubeDataset: "${name}" has no place that shows anything`);
    return found.map((grid, i) => ({ name: `${name}/${i}`, volume, grid }));
  });
  return {
    shape: [side, side, side, 1],
    classes: cubes.map(({ name }, i) => ({ name, examples: Array.from({ length: views }, (_, v) => i * views + v) })),
    size: cubes.length * views,
    read(example, into) {
      const { name, volume, grid } = cubes[Math.floor(example / views)]!;
      standardized(rescanned(volume, grid, rescan, new Rng(seed, nameNumber(name), example % views)), into);
    },
  };
}

/** Cubes about random voxels that lie apart and hold something to see. */
function placesIn(volume: Volume, side: number, spacing: number, apart: number, count: number, rng: Rng): Grid[] {
  const [depth, height, width] = volume.shape;
  const least = LEAST_CONTRAST * deviationOf(volume.values).deviation;
  if (least === 0) return [];
  const centres: Vector[] = [];
  const grids: Grid[] = [];
  for (let tries = count * TRIES; tries > 0 && grids.length < count; tries--) {
    const centre = applied(volume.affine, [rng.below(width), rng.below(height), rng.below(depth)]);
    const near = centres.some(([x, y, z]) => lengthOf([centre[0] - x, centre[1] - y, centre[2] - z]) < apart);
    if (near) continue;
    const grid = cubeAt(centre, side, spacing);
    if (!(deviationOf(ontoGrid(volume, grid).values).deviation > least)) continue;
    centres.push(centre);
    grids.push(grid);
  }
  return grids;
}

/** A cube along the axes of the world. */
function cubeAt([x, y, z]: Vector, side: number, spacing: number): Grid {
  const half = ((side - 1) / 2) * spacing;
  return {
    shape: [side, side, side],
    affine: [spacing, 0, 0, x - half, 0, spacing, 0, y - half, 0, 0, spacing, z - half],
  };
}

function standardized(values: Float32Array, into: Float32Array): void {
  const { mean, deviation } = deviationOf(values);
  for (let i = 0; i < values.length; i++) into[i] = deviation > 0 ? (values[i]! - mean) / deviation : 0;
}
