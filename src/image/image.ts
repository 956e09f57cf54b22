import { ImageError } from '../core/errors.ts';

/** A picture of 8-bit red, green, blue and alpha: rows from top to bottom, upright. */
export interface RgbaImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** A decoded picture, opaque, with the size of the upright original where the decoder reduced it. */
export interface Picture extends RgbaImage {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/**
 * Checks that `image` is RGBA bytes of the size that it states.
 * @throws ImageError naming `who`, what was expected and what came.
 */
export function checkImage(who: string, image: RgbaImage): void {
  const { data, width, height } = image;
  if (!['Uint8Array', 'Uint8ClampedArray'].includes(kindOf(data)))
    throw new ImageError(`${who}: expected RGBA in a Uint8Array or Uint8ClampedArray, got ${kindOf(data)}`);
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new ImageError(`${who}: width and height must be whole numbers of at least 1, got ${width} × ${height}`);
  if (data.length !== width * height * 4)
    throw new ImageError(
      `${who}: ${width} × ${height} pixels need ${width * height * 4} bytes of RGBA, got ${data.length}`,
    );
}

/** What a value is, for messages: `null`, `undefined`, `number`, the tag of an object. */
export const kindOf = (value: unknown): string =>
  typeof value === 'object' || typeof value === 'function'
    ? Object.prototype.toString.call(value).slice(8, -1)
    : typeof value;

/**
 * The picture over white: v′ = (v·α + 255·(255 − α)) / 255, rounded; α′ = 255. White is what a cut-out portrait is meant
 * to stand on; black would draw an edge around hair. An opaque picture is returned as it is, not copied.
 */
export function overWhite(image: RgbaImage): RgbaImage {
  const { data, width, height } = image;
  let at = 3;
  while (at < data.length && data[at] === 255) at += 4;
  if (at >= data.length) return image;
  const flat = Uint8Array.from(data);
  for (let i = at - 3; i < flat.length; i += 4) {
    const alpha = flat[i + 3]!;
    if (alpha === 255) continue;
    for (let c = i; c < i + 3; c++) flat[c] = Math.floor((flat[c]! * alpha + 255 * (255 - alpha) + 127) / 255);
    flat[i + 3] = 255;
  }
  return { data: flat, width, height };
}
