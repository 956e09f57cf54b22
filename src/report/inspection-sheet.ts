import type { RgbaImage } from '../image/image.ts';
import { blank, drawOver, paste } from './canvas.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';
import { typesetter } from './typesetter.ts';

/** A unit on a sheet: its pictures, as `patchGrid` and `beside` make them, and what stands below. */
export interface SheetUnit {
  readonly label: string;
  readonly picture: RgbaImage;
}

/** A layer on a sheet. */
export interface SheetLayer {
  readonly title: string;
  /** A line about it: how many units, what they see. */
  readonly text: string;
  readonly units: readonly SheetUnit[];
}

export interface InspectionSheetOptions {
  readonly title: string;
  readonly text?: string;
  /** Width in pixels that units are laid out in. Default: what four of the widest take, at least 1080. */
  readonly width?: number;
}

const MARGIN = 32;
const GAP = 18;
const LABEL = 20;
const HEAD = 58;

/**
 * What units of some layers look for, as one picture: layers from top to bottom, their units side by side. One layer with
 * many units, or all of a network from shallow to deep. Node only: it writes text.
 */
export async function inspectionSheet(
  layers: readonly SheetLayer[],
  { title, text, width = widthOf(layers) }: InspectionSheetOptions,
): Promise<RgbaImage> {
  const type = await typesetter();
  const words: Markup[] = [line(MARGIN, MARGIN + 22, title, 22, theme.ink, true)];
  let top = MARGIN + 34;
  if (text) {
    words.push(line(MARGIN, top + 14, text, 14, theme.quiet));
    top += 24;
  }
  const places: { picture: RgbaImage; left: number; top: number }[] = [];
  for (const layer of layers) {
    words.push(line(MARGIN, top + 32, layer.title, 17, theme.ink, true));
    const titleWidth = type.width(layer.title, 17, true);
    words.push(line(MARGIN + titleWidth + 14, top + 32, layer.text, 13, theme.quiet));
    top += HEAD - 10;
    let left = MARGIN;
    let tallest = 0;
    for (const { label, picture } of layer.units) {
      if (left > MARGIN && left + picture.width > width - MARGIN) {
        top += tallest + LABEL + GAP;
        [left, tallest] = [MARGIN, 0];
      }
      places.push({ picture, left, top });
      words.push(line(left, top + picture.height + 15, label, 12, theme.quiet));
      tallest = Math.max(tallest, picture.height);
      left += picture.width + GAP;
    }
    top += tallest + LABEL + GAP;
  }
  const needed = Math.max(width, ...places.map(({ left, picture }) => left + picture.width + MARGIN));
  const sheet = blank(needed, top + MARGIN - GAP, [255, 255, 255, 255]);
  for (const { picture, left, top } of places) paste(sheet, picture, left, top);
  const overlay = type.draw(
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}">${words}</svg>`,
  );
  return drawOver(sheet, overlay);
}

/** Units of a line, and the least width, into which titles fit. */
const COLUMNS = 4;
const LEAST = 1080;

function widthOf(layers: readonly SheetLayer[]): number {
  const widest = Math.max(0, ...layers.flatMap(({ units }) => units.map(({ picture }) => picture.width)));
  return Math.max(LEAST, 2 * MARGIN + COLUMNS * (widest + GAP) - GAP);
}

const line = (x: number, y: number, text: string, size: number, colour: string, bold = false): Markup =>
  markup`<text x="${x}" y="${y}" font-family="${theme.font}" font-size="${size}" font-weight="${bold ? 700 : 400}" fill="${colour}">${text}</text>`;
