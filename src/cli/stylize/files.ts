import { extname } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { encodeJpeg, encodePng } from '../../image/encode.ts';
import type { RgbaImage } from '../../image/image.ts';
import { writeWhole } from '../files.ts';

const QUALITY = 92;

/** Formats of pictures by the ending of a file's name. */
const encoders: Readonly<Record<string, (picture: RgbaImage) => Promise<Uint8Array>>> = {
  '.png': encodePng,
  '.jpg': (picture) => encodeJpeg(picture, QUALITY),
  '.jpeg': (picture) => encodeJpeg(picture, QUALITY),
};

const endingOf = (path: string): string => extname(path).toLowerCase();

/** @throws InputError where no picture can be written under that name. */
export function checkPicture(path: string): void {
  if (!(endingOf(path) in encoders))
    throw new InputError(`cannot write ${path}: its name must end in ${Object.keys(encoders).join(', ')}`);
}

/** Writes a picture as PNG or JPEG, by the ending of the file's name, whole or not at all. */
export async function writePainting(path: string, picture: RgbaImage): Promise<void> {
  writeWhole(path, await encoders[endingOf(path)]!(picture));
}

/** The name of the picture after a step: `town.png` → `town-0050.png`. */
export function progressPath(path: string, iteration: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}-${String(iteration).padStart(4, '0')}${ending}`;
}
