import type { Box, Picture } from 'facsimile/image';

/** A square around a box, `margin` times its longer side, moved into the picture where it hangs over. */
export function squareAround({ x, y, width, height }: Box, margin: number, within: Picture): Box {
  const side = Math.min(Math.max(width, height) * margin, within.width, within.height);
  const inside = (start: number, length: number): number => Math.min(Math.max(start, 0), length - side);
  return {
    x: inside(x + (width - side) / 2, within.width),
    y: inside(y + (height - side) / 2, within.height),
    width: side,
    height: side,
  };
}

/** A box of the original in pixels of the picture, which a decoder may have reduced. */
export function inPicture({ x, y, width, height }: Box, picture: Picture): Box {
  const scale = picture.width / picture.sourceWidth;
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}

/** A picture as something that a canvas can draw. */
export function canvasOf({ data, width, height }: Picture): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  pixels.data.set(data);
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  return canvas;
}

/** A square part of a canvas as a small JPEG file. */
export function thumbnail(from: OffscreenCanvas, { x, y, width, height }: Box, size: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(from, x, y, width, height, 0, 0, size, size);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}

/** A square part of a canvas as pixels. */
export function cutOut(from: OffscreenCanvas, { x, y, width, height }: Box): ImageData {
  const [left, top] = [Math.round(x), Math.round(y)];
  return from
    .getContext('2d')!
    .getImageData(left, top, Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
}
