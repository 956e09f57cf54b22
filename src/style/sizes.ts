import { InputError } from '../core/errors.ts';
import type { PictureSize } from '../models/feature-network.ts';
import { fittedSize } from './picture.ts';

/** Longer side of the result where none is asked for and the content is larger. */
const USUAL_SIZE = 512;

/** The longer side of the result. @throws InputError unless what is asked for is a whole number above 0 */
export function longerSide({ width, height }: PictureSize, asked?: number): number {
  const longer = asked ?? Math.min(USUAL_SIZE, Math.max(width, height));
  if (Number.isSafeInteger(longer) && longer > 0) return longer;
  throw new InputError(`stylize: size must be a whole number above 0, got ${longer}`);
}

/** The size of the result. */
export const resultSize = (content: PictureSize, asked?: number): PictureSize =>
  fittedSize(content, longerSide(content, asked));

/** Sizes from small to large, each about half the next one, the last of them that of the result. */
export function levelSizes(size: PictureSize, levels: number): PictureSize[] {
  const longer = Math.max(size.height, size.width);
  const at = (level: number): number => Math.max(1, Math.round(longer / (1 << (levels - 1 - level))));
  return Array.from({ length: levels }, (_, level) => (level === levels - 1 ? size : fittedSize(size, at(level))));
}
