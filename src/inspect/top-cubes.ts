import { InputError } from '../core/errors.ts';
import type { ReceptiveAxis } from '../graph/receptive-field.ts';
import type { RgbaImage } from '../image/image.ts';
import { applied, type Vector } from '../volumes/affine.ts';
import { cropped } from '../volumes/crop.ts';
import { slicePicture } from '../volumes/picture.ts';
import { resampleVolume } from '../volumes/resample.ts';
import { deviationOf } from '../volumes/rescan.ts';
import { sheetOf } from '../volumes/slice-sheet.ts';
import type { Triple, Volume } from '../volumes/volume.ts';
import { percentileWindow } from '../volumes/window.ts';
import type { Subject } from './subject.ts';
import { type Sample, type TopActivationsOptions, topActivations } from './top-activations.ts';

export interface TopCubesOptions extends TopActivationsOptions {
  /** By name. */
  readonly volumes: Readonly<Record<string, Volume>>;
  /** Millimetres between voxels as the network knows them: volumes are brought to it. */
  readonly spacing: number;
  /** Voxels along each side of the blocks that volumes are looked at in; each cube is of another block. Default: 32. */
  readonly block?: number;
}

/** A part of a volume that makes a unit active. */
export interface Cube {
  /** The volume's name. */
  readonly name: string;
  readonly activation: number;
  /** Its middle, in millimetres. */
  readonly centre: Vector;
  /** What the unit sees: its receptive field, with the values of the (resampled) volume, its lowest where it hangs over. */
  readonly volume: Volume;
}

export interface LayerCubes {
  readonly layer: string;
  readonly channels: number;
  /** Receptive field of its units: depth, height, width. */
  readonly field: readonly ReceptiveAxis[];
  readonly units: readonly { readonly unit: number; readonly cubes: readonly Cube[] }[];
}

interface Place {
  readonly volume: Volume;
  readonly least: number;
  readonly from: Triple;
}

/**
 * The cubes of volumes that activate units of a 3D network most: volumes, each brought to mean 0 and standard deviation 1, are
 * cut into blocks; of each block a unit's largest activation, of these the largest of different blocks (9 unless told
 * otherwise), and of those what the unit sees.
 *
 * @throws InputError as `topActivations` does, and where the block is none
 * @example
 * const [{ units }] = await topCubes(graphSubject({ graph, parameters }), { volumes: { brain }, spacing: 2, layers: ['block2'] });
 * await writeFile('unit0.png', await encodePng(cubeSheet(units[0].cubes)));
 */
export async function topCubes(subject: Subject, options: TopCubesOptions): Promise<readonly LayerCubes[]> {
  const { volumes, spacing, block = 32, ...rest } = options;
  if (!(Number.isInteger(block) && block > 0))
    throw new InputError(`topCubes: block must be a whole number above 0, got ${block}`);
  const { layers } = await topActivations(subject, blocksOf(volumes, spacing, block), rest);
  return layers.map(({ layer, channels, field, units }) => ({
    layer,
    channels,
    field,
    units: units.map(({ unit, peaks }) => ({
      unit,
      cubes: peaks.map(({ name, activation, origin, cells }): Cube => {
        const from = cells.map(({ first }, axis) => origin.from[axis]! + first) as unknown as Triple;
        const shape = cells.map(({ size }) => size) as unknown as Triple;
        const volume = cropped(origin.volume, from, shape, origin.least);
        const [depth, height, width] = shape;
        const centre = applied(volume.affine, [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2]);
        return { name, activation, centre, volume };
      }),
    })),
  }));
}

function* blocksOf(volumes: TopCubesOptions['volumes'], spacing: number, side: number): Generator<Sample<Place>> {
  for (const [name, original] of Object.entries(volumes)) {
    const volume = resampleVolume(original, spacing);
    const { mean, deviation } = deviationOf(volume.values);
    if (deviation === 0) continue;
    const least = volume.values.reduce((a, b) => Math.min(a, b));
    const size: Triple = [side, side, side];
    const [depth, height, width] = volume.shape;
    for (let z = 0; z < depth; z += side)
      for (let y = 0; y < height; y += side)
        for (let x = 0; x < width; x += side) {
          const from: Triple = [z, y, x];
          const { values } = cropped(volume, from, size, least);
          const shown = values.map((value) => (value - mean) / deviation);
          yield { name, shape: [1, ...size, 1], values: shown, origin: { volume, least, from } };
        }
  }
}

export interface CubeSheetOptions {
  /** Pixels for each voxel. Default: 4. */
  readonly scale?: number;
  /** Default: 3. */
  readonly columns?: number;
}

/** Cubes row by row, each as its middle slices: axial, coronal, sagittal. @throws InputError where there is none */
export function cubeSheet(cubes: readonly Cube[], { scale = 4, columns = 3 }: CubeSheetOptions = {}): RgbaImage {
  if (cubes.length === 0) throw new InputError('cubeSheet: there is no cube to draw');
  const pictures = cubes.map(({ volume }) => {
    const window = percentileWindow(volume, 0, 100);
    const pixel = Math.min(...volume.spacing) / scale;
    const slices = (['axial', 'coronal', 'sagittal'] as const).map((plane) =>
      slicePicture(volume, { plane, window, pixel }),
    );
    return sheetOf(slices, slices.length);
  });
  return sheetOf(pictures, Math.min(columns, pictures.length));
}
