import type { Box } from '../image/geometry.ts';
import type { RgbaImage } from '../image/image.ts';
import { blank, paste, resample } from './canvas.ts';

/** A picture for a cell of a grid. */
export interface GridPicture {
  readonly picture: RgbaImage;
  /** A part to frame, in the picture's pixels: what counts where the picture is more. */
  readonly frame?: Box;
}

export interface PatchGridOptions {
  /** Default: 3, for nine. */
  readonly columns?: number;
  /** Side of a cell in pixels. Default: 48. */
  readonly cell?: number;
  /** Pixels between cells. Default: 2. */
  readonly gap?: number;
}

const GROUND = [255, 255, 255, 255] as const;
const EMPTY = [236, 239, 242, 255] as const;
/** The frame's line, bright within dark, so that it shows on any picture. */
const LINES = [
  [20, 24, 28],
  [255, 214, 64],
] as const;

/**
 * Pictures in a square grid, row by row, each as large as its cell allows in its own proportions; cells without one are
 * grey. Nine patches of a unit, say, as in Zeiler & Fergus 2014.
 */
export function patchGrid(pictures: readonly (GridPicture | undefined)[], options: PatchGridOptions = {}): RgbaImage {
  const { columns = 3, cell = 48, gap = 2 } = options;
  const rows = Math.max(1, Math.ceil(pictures.length / columns));
  const side = (count: number): number => count * cell + (count - 1) * gap;
  const grid = blank(side(columns), side(rows), GROUND);
  for (let i = 0; i < rows * columns; i++) {
    const [left, top] = [(i % columns) * (cell + gap), Math.floor(i / columns) * (cell + gap)];
    paste(grid, blank(cell, cell, EMPTY), left, top);
    const entry = pictures[i];
    if (!entry) continue;
    const small = fitted(entry, cell);
    paste(grid, small, left + Math.floor((cell - small.width) / 2), top + Math.floor((cell - small.height) / 2));
  }
  return grid;
}

function fitted({ picture, frame }: GridPicture, cell: number): RgbaImage {
  const { width, height } = picture;
  const scale = cell / Math.max(width, height);
  const size = (length: number): number => Math.max(1, Math.round(length * scale));
  const small = resample(picture, { x: 0, y: 0, width, height }, size(width), size(height));
  if (frame)
    for (const [inset, colour] of LINES.entries())
      outline(
        small,
        { x: frame.x * scale, y: frame.y * scale, width: frame.width * scale, height: frame.height * scale },
        inset,
        colour,
      );
  return small;
}

/** Draws the border of a box, one pixel wide, so many pixels inside of it. */
function outline({ data, width, height }: RgbaImage, box: Box, inset: number, colour: readonly number[]): void {
  const inside = (value: number, size: number): number => Math.min(Math.max(Math.round(value), 0), size - 1);
  const [left, right] = [inside(box.x + inset, width), inside(box.x + box.width - 1 - inset, width)];
  const [top, bottom] = [inside(box.y + inset, height), inside(box.y + box.height - 1 - inset, height)];
  const dot = (x: number, y: number): void => data.set(colour, (y * width + x) * 4);
  for (let x = left; x <= right; x++) for (const y of [top, bottom]) dot(x, y);
  for (let y = top; y <= bottom; y++) for (const x of [left, right]) dot(x, y);
}

/** Pictures side by side, the first on the left, aligned at the top. */
export function beside(pictures: readonly RgbaImage[], gap = 6): RgbaImage {
  const width = pictures.reduce((sum, picture) => sum + picture.width + gap, -gap);
  const joined = blank(width, Math.max(...pictures.map(({ height }) => height)), GROUND);
  let left = 0;
  for (const picture of pictures) {
    paste(joined, picture, left, 0);
    left += picture.width + gap;
  }
  return joined;
}
