import { InputError } from '../core/errors.ts';
import type { RgbaImage } from '../image/image.ts';
import { blank, paste } from '../report/canvas.ts';
import { slicePicture, type VolumePictureOptions } from './picture.ts';
import { reorient } from './reorient.ts';
import type { Volume } from './volume.ts';
import { percentileWindow } from './window.ts';

export interface SliceSheetOptions extends VolumePictureOptions {
  /** Slices, evenly spaced over the volume. Default: 9, or as many as there are. */
  readonly count?: number;
  /** Default: as many as make the sheet about square. */
  readonly columns?: number;
}

/** Pixels between slices. */
const GAP = 2;
const PAPER = [24, 24, 24, 255] as const;
/** The axis of right, anterior, superior volumes that a plane's slices lie along. */
const DEPTH_OF = { axial: 0, coronal: 1, sagittal: 2 } as const;

/** Slices of a volume side by side, row by row, all in one window. @throws InputError where an option is out of range */
export function sliceSheet(volume: Volume, options: SliceSheetOptions): RgbaImage {
  const { shape } = reorient(volume, 'RAS');
  const depth = shape[DEPTH_OF[options.plane]];
  if (depth === undefined)
    throw new InputError(`sliceSheet: plane must be axial, coronal or sagittal, got ${options.plane}`);
  const { count = Math.min(9, depth), window = percentileWindow(volume) } = options;
  const { columns = Math.ceil(Math.sqrt(count)) } = options;
  for (const [name, value, most] of [['count', count, depth] as const, ['columns', columns, count] as const])
    if (!(Number.isInteger(value) && value >= 1 && value <= most))
      throw new InputError(`sliceSheet: ${name} must be a whole number from 1 to ${most}, got ${value}`);
  const slices = Array.from({ length: count }, (_, i) =>
    slicePicture(volume, { ...options, window, at: Math.floor(((i + 0.5) * depth) / count) }),
  );
  return sheetOf(slices, columns);
}

/** Pictures of one size in rows, a narrow gap between them. */
export function sheetOf(pictures: readonly RgbaImage[], columns: number): RgbaImage {
  const { width, height } = pictures[0]!;
  const rows = Math.ceil(pictures.length / columns);
  const sheet = blank(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP, PAPER);
  for (const [i, picture] of pictures.entries())
    paste(sheet, picture, (i % columns) * (width + GAP), Math.floor(i / columns) * (height + GAP));
  return sheet;
}
