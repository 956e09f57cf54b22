import { type Axis, roundStep } from './axis.ts';
import { tidy } from './chart.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** A picture of a sound along time: wide and low, so that several stand below one another. */
export interface SoundFrame {
  readonly title: string;
  readonly seconds: number;
  /** Pixels of the part that data lie in. */
  readonly height: number;
  readonly y: Axis;
}

const WIDTH = 760;
const LEFT = 62;
const RIGHT = 18;
const TOP = 36;
const BOTTOM = 46;

/** The part of the picture that data lie in, in pixels. */
export const soundInner = { left: LEFT, top: TOP, width: WIDTH - LEFT - RIGHT } as const;

/** Size of a picture whose data have so many pixels of height. */
export const frameSize = (height: number) => ({ width: WIDTH, height: TOP + height + BOTTOM });

/** Draws `content` into a frame with seconds below and an axis at the left. */
export function soundFrame({ title, seconds, height, y }: SoundFrame, content: Markup | readonly Markup[]): Markup {
  const step = roundStep(seconds / 8);
  const bottom = TOP + height;
  const times = Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, i) => i * step).map((at) => {
    const x = tidy(LEFT + (at / seconds) * soundInner.width);
    return markup`<line x1="${x}" y1="${bottom}" x2="${x}" y2="${bottom + 4}" stroke="${theme.quiet}"/><text x="${x}" y="${bottom + 17}" text-anchor="middle">${String(Number(at.toPrecision(6)))}</text>`;
  });
  const levels = y.ticks.map(({ at, text }) => {
    const py = tidy(bottom - y.place(at) * height);
    return markup`<line x1="${LEFT - 4}" y1="${py}" x2="${LEFT}" y2="${py}" stroke="${theme.quiet}"/><text x="${LEFT - 8}" y="${py + 4}" text-anchor="end">${text}</text>`;
  });
  const { height: all } = frameSize(height);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${all}" width="${WIDTH}" height="${all}" style="height:auto;max-width:100%" role="img" aria-label="${title}: ${y.title} over seconds" font-family="${theme.font}, sans-serif" font-size="12" fill="${theme.quiet}"><rect width="100%" height="100%" fill="${theme.paper}"/>
<text x="${LEFT}" y="22" font-size="15" font-weight="700" fill="${theme.ink}">${title}</text>${content}
<rect x="${LEFT}" y="${TOP}" width="${soundInner.width}" height="${height}" fill="none" stroke="${theme.line}"/>${times}${levels}
<text x="${LEFT + soundInner.width / 2}" y="${all - 10}" text-anchor="middle">seconds</text><text transform="translate(16 ${TOP + height / 2}) rotate(-90)" text-anchor="middle">${y.title}</text></svg>`;
}
