import { ImageError } from '../core/errors.ts';

/** Pixels of what a browser can draw. @throws ImageError where there is no canvas, or it may not be read (other origin). */
export function readCanvas(source: ImageBitmap | HTMLCanvasElement | OffscreenCanvas): ImageData {
  const { width, height } = source;
  if (!(width > 0 && height > 0))
    throw new ImageError(`readImage: expected at least one pixel to draw, got ${width} × ${height}`);
  const context = scratchContext(width, height);
  if (!context) throw new ImageError('readImage: this host has no canvas to draw on: pass the RGBA pixels');
  try {
    context.drawImage(source, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    throw new ImageError(`readImage: the canvas cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** A canvas of its own: the source may have a context of another kind, and is not to be changed. */
function scratchContext(width: number, height: number) {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height).getContext('2d');
  if (typeof document !== 'object') return null;
  return Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
}
