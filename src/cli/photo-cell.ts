import { encodeJpeg } from '../image/encode.ts';
import { readImage } from '../image/read.ts';
import { fitWithin } from '../report/canvas.ts';
import { dataUrl } from '../report/data-url.ts';
import { type Markup, markup } from '../report/markup.ts';

/** A small copy of a photo inside a report. */
export async function photoCell(path: string): Promise<Markup> {
  const small = fitWithin(await readImage(path), 104, 104);
  return markup`<img src="${dataUrl(await encodeJpeg(small, 85), 'image/jpeg')}" alt="${path}">`;
}
