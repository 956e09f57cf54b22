import type { RgbaImage } from '../image/image.ts';
import { blank, drawOver, fitWithin, paste } from './canvas.ts';
import { ellipsize } from './labels.ts';
import { markup } from './markup.ts';
import { type Tone, theme } from './theme.ts';
import { typesetter } from './typesetter.ts';

/** Pictures side by side with a line of text below: two photos and what was decided about them. */
export async function montage(
  pictures: readonly RgbaImage[],
  caption: string,
  tone: Tone = 'plain',
): Promise<RgbaImage> {
  const type = await typesetter();
  const fitted = pictures.map((picture) => fitWithin(picture, 1200, 900));
  const gap = 12;
  const strip = 64;
  const height = Math.max(...fitted.map((picture) => picture.height));
  const total = fitted.reduce((sum, picture) => sum + picture.width + gap, gap);
  const width = Math.max(total, 480);
  const canvas = blank(width, height + 2 * gap + strip, [255, 255, 255, 255]);
  let left = gap + Math.floor((width - total) / 2);
  for (const picture of fitted) {
    paste(canvas, picture, left, gap + Math.floor((height - picture.height) / 2));
    left += picture.width + gap;
  }

  const size = 22;
  const text = ellipsize(caption, width - 4 * gap - size, (line) => type.width(line, size, true));
  const middle = height + gap + strip / 2 + gap / 2;
  const textLeft = (width - type.width(text, size, true) + size) / 2;
  const overlay = type.draw(
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${canvas.width}" height="${canvas.height}"><circle cx="${textLeft - size}" cy="${middle}" r="7" fill="${theme.tones[tone]}"/><text x="${textLeft}" y="${middle + size * 0.36}" font-family="${theme.font}" font-size="${size}" font-weight="700" fill="${theme.ink}">${text}</text></svg>`,
  );
  return drawOver(canvas, overlay);
}
