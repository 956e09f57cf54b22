import type { RgbaImage } from './image.ts';

/** The eight values of EXIF's Orientation tag: how the stored rows and columns lie in the upright picture. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * Orientation in an EXIF block (a TIFF file: TIFF 6.0 §2, EXIF 2.32 §4.6.4), 1 where there is none or it is broken: a
 * photo with a damaged block is still a photo.
 */
export function exifOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 8, little);
    return view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** How to walk the stored pixels of a picture in the order of its upright rows: upright (x, y) is stored at start + x·stepX + y·stepY. */
export interface Walk {
  readonly width: number;
  readonly height: number;
  readonly start: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** The walk over `width` × `height` stored pixels. Its width and height are the upright picture's. */
export function uprightWalk(width: number, height: number, orientation: Orientation): Walk {
  const right = width - 1;
  const bottom = (height - 1) * width;
  const [start, stepX, stepY] = (
    {
      1: [0, 1, width],
      2: [right, -1, width],
      3: [bottom + right, -1, -width],
      4: [bottom, 1, -width],
      5: [0, width, 1],
      6: [bottom, -width, 1],
      7: [bottom + right, -width, -1],
      8: [right, width, -1],
    } as const
  )[orientation];
  return orientation < 5
    ? { width, height, start, stepX, stepY }
    : { width: height, height: width, start, stepX, stepY };
}

/** The picture turned and mirrored upright; the same object where it is upright already. */
export function turnUpright(image: RgbaImage, orientation: Orientation): RgbaImage {
  if (orientation === 1) return image;
  const { start, stepX, stepY, width, height } = uprightWalk(image.width, image.height, orientation);
  const pixels = new Uint32Array(Uint8Array.from(image.data).buffer);
  const upright = new Uint32Array(pixels.length);
  for (let y = 0, out = 0; y < height; y++)
    for (let x = 0, at = start + y * stepY; x < width; x++, at += stepX) upright[out++] = pixels[at]!;
  return { data: new Uint8Array(upright.buffer), width, height };
}
