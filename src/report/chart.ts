import type { Axis } from './axis.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** The frame around the data of a chart, in pixels. */
const frame = { width: 560, height: 400, left: 64, right: 34, top: 44, bottom: 56 } as const;
/** The part of the frame that data lie in. */
export const inner = {
  width: frame.width - frame.left - frame.right,
  height: frame.height - frame.top - frame.bottom,
} as const;

/** A share of the way from left to right, in pixels. */
export const across = (share: number): number => tidy(frame.left + share * inner.width);
/** A share of the way from the bottom to the top, in pixels. */
export const up = (share: number): number => tidy(frame.top + (1 - share) * inner.height);

/** Pixels to a tenth: what an eye can see, and no more bytes. */
export const tidy = (value: number): number => Math.round(value * 10) / 10;

/** An SVG path through points given in shares of the frame. */
export const pathThrough = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${across(x)} ${up(y)}`).join('');

/** Attributes of text that lies over data: a white rim keeps it legible. */
export const rim = markup`stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;

/** What a colour of a chart means. */
export interface KeyEntry {
  readonly text: string;
  readonly colour: string;
}

/** Text is measured where it is drawn; here its width is that of so many letters of twelve pixels. */
const LETTER = 6.7;

/** The meaning of the colours, at the right of the title. */
function keyOf(entries: readonly KeyEntry[]): Markup[] {
  let right = across(1);
  return entries.toReversed().map(({ text, colour }) => {
    const left = right - text.length * LETTER - 16;
    right = left - 18;
    return markup`<rect x="${tidy(left)}" y="15" width="11" height="11" rx="2" fill="${colour}" fill-opacity="0.8"/><text x="${tidy(left + 16)}" y="25">${text}</text>`;
  });
}

/** A chart: axes, a faint grid, what is drawn inside, and what its colours mean. */
export function chart(
  title: string,
  x: Axis,
  y: Axis,
  content: Markup | readonly Markup[],
  key: readonly KeyEntry[] = [],
): Markup {
  const grid = [
    x.ticks.map(({ at, text }) => {
      const px = across(x.place(at));
      return markup`<line x1="${px}" y1="${frame.top}" x2="${px}" y2="${up(0)}" stroke="${theme.line}"/><text x="${px}" y="${up(0) + 18}" text-anchor="middle">${text}</text>`;
    }),
    y.ticks.map(({ at, text }) => {
      const py = up(y.place(at));
      return markup`<line x1="${frame.left}" y1="${py}" x2="${across(1)}" y2="${py}" stroke="${theme.line}"/><text x="${frame.left - 8}" y="${py + 4}" text-anchor="end">${text}</text>`;
    }),
  ];
  const middle = frame.top + inner.height / 2;
  // The label says what the title does not, for those who hear both.
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" style="height:auto;max-width:100%" role="img" aria-label="chart of ${y.title} by ${x.title}" font-family="${theme.font}, sans-serif" font-size="12" fill="${theme.quiet}"><rect width="100%" height="100%" fill="${theme.paper}"/>
<text x="${frame.left}" y="24" font-size="15" font-weight="700" fill="${theme.ink}">${title}</text>${keyOf(key)}${grid}
<text x="${frame.left + inner.width / 2}" y="${frame.height - 14}" text-anchor="middle">${x.title}</text><text transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle">${y.title}</text>
${content}</svg>`;
}
