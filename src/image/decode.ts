import { ImageError } from '../core/errors.ts';
import { decodeJpeg } from './codec/jpeg.ts';
import { formatOf } from './format.ts';
import { kindOf, type Picture } from './image.ts';
import { type DecodeOptions, limitsOf } from './limits.ts';

/**
 * Decodes the bytes of an image file to upright, opaque RGBA.
 *
 * JPEG, PNG and binary PGM and PPM give the same pixels on every host: no platform's decoder is asked. EXIF orientation is applied, what is
 * transparent lies over white, colour profiles are not applied, CMYK becomes RGB by (1 − ink)·(1 − black). WebP, AVIF,
 * GIF (its first picture), TIFF and what else it reads go to the optional package sharp (Node).
 *
 * @throws ImageError saying what came: not an image, truncated, damaged, or larger than `options` allow.
 */
export async function decodeImage(bytes: Uint8Array, options?: DecodeOptions): Promise<Picture> {
  if (kindOf(bytes) !== 'Uint8Array') throw new ImageError(`decodeImage: expected a Uint8Array, got ${kindOf(bytes)}`);
  const limits = limitsOf(options);
  const { name, reader } = formatOf(bytes);
  switch (reader) {
    case 'jpeg':
      return decodeJpeg(bytes, limits);
    case 'png': {
      const { decodePng } = await import('./codec/png.ts');
      return decodePng(bytes, limits);
    }
    case 'netpbm': {
      const { decodeNetpbm } = await import('./codec/netpbm.ts');
      return decodeNetpbm(bytes, limits);
    }
    case 'sharp': {
      const { decodeWithSharp } = await import('./codec/sharp.ts');
      return decodeWithSharp(name, bytes, limits);
    }
    default:
      throw new ImageError(
        `decodeImage: expected JPEG or PNG (or, in Node with sharp, WebP, AVIF, GIF, TIFF), got ${name}`,
      );
  }
}
