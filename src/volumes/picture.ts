import { InputError } from '../core/errors.ts';
import type { RgbaImage } from '../image/image.ts';
import { reorient } from './reorient.ts';
import { resampleVolume } from './resample.ts';
import { type Triple, Volume } from './volume.ts';
import { type HounsfieldWindow, percentileWindow, type ValueWindow, windowed } from './window.ts';

/** Across the body's axis, seen from below; from the front; from the side. */
export type Plane = 'axial' | 'coronal' | 'sagittal';

export interface VolumePictureOptions {
  readonly plane: Plane;
  /** Values from black to white. Default: between the 1st and 99th percentile of the whole volume. */
  readonly window?: ValueWindow | HounsfieldWindow;
  /** Millimetres that a pixel is high and wide. Default: the finer of the plane's two spacings. */
  readonly pixel?: number;
  /**
   * Which side of an axial or coronal picture the patient's right is on: `radiological` its left, as if seen from the feet or
   * face to face; `neurological` its right. Sagittal pictures look left. Default: radiological.
   */
  readonly convention?: 'radiological' | 'neurological';
}

/** Where the axes lead that become columns, rows and slices of each plane's pictures. */
const LAYOUTS = {
  radiological: { axial: 'LPS', coronal: 'LIA', sagittal: 'PIR' },
  neurological: { axial: 'RPS', coronal: 'RIA', sagittal: 'PIR' },
} as const;

/**
 * A slice of a volume, grey: axial ones have the front above, coronal and sagittal ones the head. Pixels are square whatever
 * the voxels are; an oblique volume is shown along its nearest axes.
 *
 * @param options.at Which slice, from 0: axial from below, coronal from behind, sagittal from the left. Default: the middle.
 * @throws InputError where an option is out of range
 * @example
 * await writeFile('brain.png', await encodePng(slicePicture(brain, { plane: 'axial' })));
 */
export function slicePicture(volume: Volume, options: VolumePictureOptions & { readonly at?: number }): RgbaImage {
  const laid = laidOut(volume, options);
  const [depth, height, width] = laid.shape;
  const at = options.at ?? Math.floor(depth / 2);
  if (!(Number.isInteger(at) && at >= 0 && at < depth))
    throw new InputError(`slicePicture: at must be a whole number from 0 to ${depth - 1}, got ${at}`);
  return drawn(volume, laid, laid.values.subarray(at * height * width, (at + 1) * height * width), options);
}

/**
 * All slices of a volume in one picture: of each line of sight the largest value or the mean.
 * @throws InputError where an option is out of range
 */
export function projectionPicture(
  volume: Volume,
  options: VolumePictureOptions & { readonly mode: 'maximum' | 'mean' },
): RgbaImage {
  const laid = laidOut(volume, options);
  return drawn(volume, laid, projected(laid, options.mode), options);
}

function laidOut(volume: Volume, { plane, convention = 'radiological' }: VolumePictureOptions): Volume {
  const code = LAYOUTS[convention]?.[plane];
  if (!code)
    throw new InputError(
      `volume picture: plane must be axial, coronal or sagittal, convention radiological or neurological, got ${plane} and ${convention}`,
    );
  return reorient(volume, code);
}

function projected({ values, shape: [depth, height, width] }: Volume, mode: 'maximum' | 'mean'): Float32Array {
  if (mode !== 'maximum' && mode !== 'mean')
    throw new InputError(`projectionPicture: mode must be 'maximum' or 'mean', got ${JSON.stringify(mode)}`);
  const cells = height * width;
  const sums = Float64Array.from(values.subarray(0, cells));
  for (let k = 1; k < depth; k++)
    for (let i = 0; i < cells; i++) {
      const value = values[k * cells + i]!;
      sums[i] = mode === 'mean' ? sums[i]! + value : Math.max(sums[i]!, value);
    }
  return Float32Array.from(sums, (sum) => (mode === 'mean' ? sum / depth : sum));
}

/** A plane of values as a picture; the window is the whole volume's, so that its slices can be compared. */
function drawn(volume: Volume, laid: Volume, values: Float32Array, options: VolumePictureOptions): RgbaImage {
  const [, height, width] = laid.shape;
  const [, tall, wide] = laid.spacing;
  const { window = percentileWindow(volume), pixel = Math.min(tall, wide) } = options;
  if (!(Number.isFinite(pixel) && pixel > 0))
    throw new InputError(`volume picture: pixel must be a finite number of millimetres above 0, got ${pixel}`);
  const spacing: Triple = [1, tall, wide];
  const plane = new Volume({ values, shape: [1, height, width], spacing, unit: volume.unit });
  const even = windowed(resampleVolume(plane, [1, pixel, pixel]), window);
  const [, rows, columns] = even.shape;
  const data = new Uint8Array(rows * columns * 4);
  for (let i = 0; i < rows * columns; i++) data.fill(Math.round(even.values[i]! * 255), 4 * i, 4 * i + 3);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { data, width: columns, height: rows };
}
