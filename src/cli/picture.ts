import { encodePng } from '../image/encode.ts';
import type { RgbaImage } from '../image/image.ts';
import { readImage } from '../image/read.ts';
import type { Mark } from '../report/annotate.ts';
import { writeWhole } from './files.ts';

/** Marks, or what makes them of the size of the original. */
type Marks = readonly Mark[] | ((size: { readonly width: number; readonly height: number }) => readonly Mark[]);

/** A photo with marks on it. Marks are in pixels of the original; a large photo is drawn reduced. */
export async function markedPhoto(path: string, marks: Marks): Promise<RgbaImage> {
  // Loaded late: the drawing machinery is megabytes, and most runs draw nothing.
  const [photo, { annotate }] = await Promise.all([readImage(path), import('../report/annotate.ts')]);
  const scale = photo.width / photo.sourceWidth;
  const size = { width: photo.sourceWidth, height: photo.sourceHeight };
  const scaled = (typeof marks === 'function' ? marks(size) : marks).map(({ box, landmarks, ...rest }) => ({
    ...rest,
    box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
    ...(landmarks && { landmarks: landmarks.map(({ x, y }) => ({ x: x * scale, y: y * scale })) }),
  }));
  return annotate(photo, scaled);
}

/** Writes a picture as a PNG, whole or not at all. */
export async function writePicture(path: string, picture: RgbaImage): Promise<void> {
  writeWhole(path, await encodePng(picture));
}
