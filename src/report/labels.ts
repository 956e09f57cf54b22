import type { Box } from '../image/geometry.ts';

/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

const within = (start: number, length: number, limit: number): number => Math.max(0, Math.min(start, limit - length));

/**
 * Where the labels of some boxes go: above its box, else below, else at its inner edges, whichever covers least of the
 * other boxes and of the labels already placed. All of a label is inside the picture as long as it is no larger.
 */
export function placeLabels(boxes: readonly Box[], labels: readonly Size[], picture: Size, gap: number): Box[] {
  const placed: Box[] = [];
  boxes.forEach((box, i) => {
    const { width, height } = labels[i]!;
    const rows = [box.y - gap - height, box.y + box.height + gap, box.y + gap, box.y + box.height - gap - height];
    const columns = [box.x, box.x + box.width - width, box.x + (box.width - width) / 2];
    let best: { place: Box; cost: number } | undefined;
    for (const row of rows)
      for (const column of columns) {
        const place = {
          x: within(column, width, picture.width),
          y: within(row, height, picture.height),
          width,
          height,
        };
        let cost = overlap(place, box);
        for (const other of boxes) if (other !== box) cost += overlap(place, other);
        // Text over text cannot be read at all, text over a face can.
        for (const other of placed) cost += 20 * overlap(place, other);
        if (!best || cost < best.cost) best = { place, cost };
      }
    placed.push(best!.place);
  });
  return placed;
}

/** The text if it fits into `width`, else as many of its first characters as fit with an ellipsis; '' if none does. */
export function ellipsize(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  let fits = 0;
  let tooMany = characters.length;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (measure(`${characters.slice(0, middle).join('').trimEnd()}…`) <= width) fits = middle;
    else tooMany = middle;
  }
  return fits === 0 ? '' : `${characters.slice(0, fits).join('').trimEnd()}…`;
}
