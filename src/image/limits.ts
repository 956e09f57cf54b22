import { ImageError } from '../core/errors.ts';

export interface DecodeOptions {
  /** The most pixels that a header may claim. Default: 100 million. */
  readonly maxPixels?: number;
  /** The most bytes that decoding may need, by what the header claims, before any of it is allocated. Default: 256 MiB. */
  readonly maxBytes?: number;
  /**
   * Pictures of more pixels are decoded at 1/2, 1/4 or 1/8 of their width and height, the largest that fits; `sourceWidth`
   * and `sourceHeight` keep the original size. Default: 4 million. `Infinity` keeps every pixel.
   */
  readonly reduceAbove?: number;
}

export type Limits = Required<DecodeOptions>;

/** Options with their defaults. @throws ImageError where one is not a number above 0. */
export function limitsOf(options: DecodeOptions = {}): Limits {
  const limits = { maxPixels: 100e6, maxBytes: 256 * 2 ** 20, reduceAbove: 4e6, ...options };
  for (const [name, value] of Object.entries(limits))
    if (!(typeof value === 'number' && value > 0))
      throw new ImageError(`decodeImage: ${name} must be a number above 0, got ${value}`);
  return limits;
}

/** Checks the size that a header claims. @throws ImageError where a side is 0 or the area is more than is allowed. */
export function checkSize(format: string, width: number, height: number, { maxPixels }: Limits): void {
  if (!(width > 0 && height > 0))
    throw new ImageError(`${format}: the header states ${width} × ${height} pixels; both must be at least 1`);
  if (width * height > maxPixels)
    throw new ImageError(
      `${format}: the header states ${width} × ${height} pixels, more than the ${maxPixels} of maxPixels`,
    );
}

/** Checks what decoding will need. @throws ImageError where it is more than is allowed. */
export function checkBytes(format: string, bytes: number, { maxBytes }: Limits): void {
  if (bytes > maxBytes)
    throw new ImageError(`${format}: decoding needs ${bytes} bytes, more than the ${maxBytes} of maxBytes`);
}

/** The divisor of both sides, 1, 2, 4 or 8, that brings a picture to `reduceAbove` pixels, or nearest to it. */
export function reductionOf(width: number, height: number, { reduceAbove }: Limits): 1 | 2 | 4 | 8 {
  for (const by of [1, 2, 4] as const) if (Math.ceil(width / by) * Math.ceil(height / by) <= reduceAbove) return by;
  return 8;
}
