import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** One direction of a chart: how its values become pixels, and where its lines and figures are. */
export interface Axis {
  readonly title: string;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Where a value lies, 0 … 1. */
  readonly place: (value: number) => number;
}

/** The frame around the data of a chart, in pixels. */
const frame = { width: 560, height: 400, left: 64, right: 34, top: 44, bottom: 56 } as const;
const inner = {
  width: frame.width - frame.left - frame.right,
  height: frame.height - frame.top - frame.bottom,
} as const;

/** A share of the way from left to right, in pixels. */
export const across = (share: number): number => frame.left + share * inner.width;
/** A share of the way from the bottom to the top, in pixels. */
export const up = (share: number): number => frame.top + (1 - share) * inner.height;

/** Pixels to a tenth: what an eye can see, and no more bytes. */
const tidy = (value: number): number => Math.round(value * 10) / 10;

/** An SVG path through points given in shares of the frame. */
export const pathThrough = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${tidy(across(x))} ${tidy(up(y))}`).join('');

/** An axis with even steps from `low` to `high`. */
export function linearAxis(
  title: string,
  low: number,
  high: number,
  steps: number,
  write: (v: number) => string,
): Axis {
  const ticks = Array.from({ length: steps + 1 }, (_, i) => low + ((high - low) * i) / steps);
  return {
    title,
    ticks: ticks.map((at) => ({ at, text: write(at) })),
    place: (value) => (value - low) / (high - low),
  };
}

/** A chart: axes, a faint grid and what is drawn inside. */
export function chart(title: string, x: Axis, y: Axis, content: Markup | readonly Markup[]): Markup {
  const grid = [
    x.ticks.map(({ at, text }) => {
      const px = tidy(across(x.place(at)));
      return markup`<line x1="${px}" y1="${frame.top}" x2="${px}" y2="${up(0)}" stroke="${theme.line}"/><text x="${px}" y="${up(0) + 18}" text-anchor="middle">${text}</text>`;
    }),
    y.ticks.map(({ at, text }) => {
      const py = tidy(up(y.place(at)));
      return markup`<line x1="${frame.left}" y1="${py}" x2="${across(1)}" y2="${py}" stroke="${theme.line}"/><text x="${frame.left - 8}" y="${py + 4}" text-anchor="end">${text}</text>`;
    }),
  ];
  const middle = frame.top + inner.height / 2;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" style="height:auto;max-width:100%" role="img" aria-label="${title}" font-family="${theme.font}, sans-serif" font-size="12" fill="${theme.quiet}"><rect width="100%" height="100%" fill="${theme.paper}"/>
<text x="${frame.left}" y="24" font-size="15" font-weight="700" fill="${theme.ink}">${title}</text>${grid}
<text x="${frame.left + inner.width / 2}" y="${frame.height - 14}" text-anchor="middle">${x.title}</text><text transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle">${y.title}</text>
${content}</svg>`;
}
