import sharp from 'sharp';

/** Mean and largest |a − b| over the bytes of two pictures. */
export function pixelDifference(a: ArrayLike<number>, b: ArrayLike<number>): { mean: number; most: number } {
  if (a.length !== b.length) return { mean: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  let sum = 0;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    sum += difference;
    most = Math.max(most, difference);
  }
  return { mean: sum / a.length, most };
}

/** The upright RGBA that libvips makes of a file. */
export const decodedBySharp = (file: Uint8Array | string): Promise<Buffer> =>
  sharp(file).rotate().toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer();

/** RGBA over white, as the definition says it, in float64. */
export function overWhiteOracle(rgba: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(rgba, (v, i) => {
    const alpha = rgba[i | 3]! / 255;
    return i % 4 === 3 ? 255 : Math.round(v * alpha + 255 * (1 - alpha));
  });
}
