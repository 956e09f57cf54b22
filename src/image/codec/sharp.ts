import { ImageError } from '../../core/errors.ts';
import { importOptional, nodeModule } from '../../core/host.ts';
import type { Picture } from '../image.ts';
import { checkBytes, checkSize, type Limits, reductionOf } from '../limits.ts';

type Sharp = typeof import('sharp').default;

/**
 * Decodes what only the optional package sharp reads, upright, the first picture of several, over white.
 * @throws ImageError where sharp is not installed, does not run here, or cannot read the file.
 */
export async function decodeWithSharp(name: string, bytes: Uint8Array, limits: Limits): Promise<Picture> {
  const sharp = await loadSharp(name);
  try {
    const open = () => sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error' });
    const { width: across, height, pageHeight, orientation = 1 } = await open().metadata();
    const down = pageHeight ?? height;
    checkSize(name, across, down, limits);
    const [sourceWidth, sourceHeight] = orientation < 5 ? [across, down] : [down, across];
    const by = reductionOf(sourceWidth, sourceHeight, limits);
    checkBytes(name, sourceWidth * sourceHeight * 4, limits);
    const upright = open().rotate();
    const reduced =
      by === 1
        ? upright
        : upright.resize(Math.ceil(sourceWidth / by), Math.ceil(sourceHeight / by), { fit: 'fill', kernel: 'linear' });
    const { data, info } = await reduced
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, sourceWidth, sourceHeight };
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`sharp cannot read ${name}: ${(error as Error).message}`, { cause: error });
  }
}

async function loadSharp(name: string): Promise<Sharp> {
  if (!nodeModule('node:fs'))
    throw new ImageError(
      `decodeImage: expected JPEG or PNG, got ${name}: pass createImageBitmap of it, or convert it to JPEG or PNG`,
    );
  try {
    const { default: sharp } = await importOptional<{ default: Sharp }>('sharp');
    return sharp;
  } catch (error) {
    throw new ImageError(
      `decodeImage: expected JPEG or PNG, got ${name}: install the optional package sharp to read it (npm install sharp), or convert it`,
      { cause: error },
    );
  }
}
