import { ImageError } from '../core/errors.ts';
import { encodeJpegPixels } from './codec/jpeg.ts';
import { checkImage, overWhite, type RgbaImage } from './image.ts';

/** Longest side of a JPEG: its frame header has 16 bits for it. */
const MOST_JPEG = 65535;

/** Encodes as PNG: 8 bits, RGB where the picture is opaque, else RGBA. @throws ImageError where it is not an RGBA image. */
export async function encodePng(image: RgbaImage): Promise<Uint8Array> {
  checkImage('encodePng', image);
  const { encodePngPixels } = await import('./codec/png-encoder.ts');
  return encodePngPixels(image);
}

/**
 * Encodes as baseline JPEG without chroma subsampling; what is transparent lies over white.
 * @param quality 1 (smallest) to 100.
 * @throws ImageError where it is not an RGBA image, a side is over 65,535, or the quality is out of range.
 */
export async function encodeJpeg(image: RgbaImage, quality = 90): Promise<Uint8Array> {
  checkImage('encodeJpeg', image);
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100))
    throw new ImageError(`encodeJpeg: quality must be a whole number of 1 to 100, got ${quality}`);
  if (Math.max(image.width, image.height) > MOST_JPEG)
    throw new ImageError(`encodeJpeg: sides must be at most ${MOST_JPEG}, got ${image.width} × ${image.height}`);
  return encodeJpegPixels(overWhite(image), quality);
}
