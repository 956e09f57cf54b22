import { encodePng } from '../image/encode.ts';
import { blank, drawOver } from './canvas.ts';
import type { Markup } from './markup.ts';
import { typesetter } from './typesetter.ts';

/**
 * An SVG drawing as a PNG file, over white. Node only, as all that turns drawings into pixels.
 * @param scale Pixels of the picture for each of the drawing. Default: 2, for screens of today.
 */
export async function pngOf(svg: Markup, scale = 2): Promise<Uint8Array> {
  const drawn = (await typesetter()).draw(svg, scale);
  return encodePng(drawOver(blank(drawn.width, drawn.height, [255, 255, 255, 255]), drawn));
}
