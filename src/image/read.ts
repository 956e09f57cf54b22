import { ImageError } from '../core/errors.ts';
import { readCanvas } from './canvas.ts';
import { decodeImage } from './decode.ts';
import { readImageFile } from './file.ts';
import { checkImage, kindOf, overWhite, type Picture, type RgbaImage } from './image.ts';
import { type DecodeOptions, limitsOf } from './limits.ts';

/** What people have a picture in. A string is a path; paths and `file:` URLs are read where there is a file system. */
export type ImageSource =
  | RgbaImage
  | ImageData
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | Blob
  | ArrayBuffer
  | Uint8Array
  | string
  | URL;

/**
 * Reads a picture as upright, opaque RGBA. Files are decoded as `decodeImage` does; pixels are taken as they are (not
 * copied where they are opaque), over white where they are transparent.
 *
 * Web addresses are not fetched: what may be fetched is the caller's to decide.
 *
 * @throws ImageError saying what came and what was expected.
 */
export async function readImage(source: ImageSource, options?: DecodeOptions): Promise<Picture> {
  if (typeof source === 'string') return readImageFile(source, options);
  switch (kindOf(source)) {
    case 'URL':
      return readImageFile(source as URL, options);
    case 'Uint8Array':
      return decodeImage(source as Uint8Array, options);
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return decodeImage(new Uint8Array(source as ArrayBuffer), options);
    case 'Blob':
    case 'File':
      return readBlob(source as Blob, options);
    case 'ImageBitmap':
    case 'HTMLCanvasElement':
    case 'OffscreenCanvas':
      return pictureOf(readCanvas(source as ImageBitmap | HTMLCanvasElement | OffscreenCanvas));
    default:
      return pictureOf(source as RgbaImage);
  }
}

async function readBlob(blob: Blob, options?: DecodeOptions): Promise<Picture> {
  const { maxBytes } = limitsOf(options);
  if (blob.size > maxBytes)
    throw new ImageError(`readImage: the blob holds ${blob.size} bytes, more than the ${maxBytes} of maxBytes`);
  return decodeImage(new Uint8Array(await blob.arrayBuffer()), options);
}

function pictureOf(image: RgbaImage): Picture {
  if (typeof image !== 'object' || image === null || !('data' in image))
    throw new ImageError(
      `readImage: expected RGBA pixels, ImageData, ImageBitmap, a canvas, a Blob, the bytes of a file or a path, got ${kindOf(image)}`,
    );
  checkImage('readImage', image);
  const { data, width, height } = overWhite(image);
  return { data, width, height, sourceWidth: width, sourceHeight: height };
}
