import { type Markup, markup, type Piece } from './markup.ts';
import { theme } from './theme.ts';

/** A part of a report: a heading, a sentence or two, and what they are about. */
export interface Section {
  readonly title: string;
  readonly text?: Piece;
  readonly content: Piece;
  /** What links call it. */
  readonly id?: string;
}

/** A report for people. */
export interface Report {
  readonly title: string;
  readonly lead: Piece;
  readonly sections: readonly Section[];
  /** A line at the end: what made it, with which model. */
  readonly foot?: Piece;
  /** CSS beside that of all reports. */
  readonly style?: string;
}

const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: ${theme.wash}; color: ${theme.ink}; font: 16px/1.55 ${theme.fonts}; }
main { max-width: 1120px; margin: 0 auto; padding: 48px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 12px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 0 0 6px; }
p { margin: 0 0 12px; max-width: 72ch; }
.lead { font-size: 18px; color: ${theme.quiet}; }
section { background: ${theme.paper}; border: 1px solid ${theme.line}; border-radius: 12px; padding: 24px; margin-top: 24px; }
.grid { display: grid; gap: 20px; grid-template-columns: repeat(auto-fill, minmax(var(--least, 300px), 1fr)); margin-top: 16px; }
.scroll { overflow-x: auto; margin-top: 16px; }
figure { margin: 0; min-width: 0; }
figure img { display: block; width: 100%; height: auto; border-radius: 8px; }
figcaption { font-size: 14px; color: ${theme.quiet}; margin-top: 6px; overflow-wrap: anywhere; }
figcaption b { color: ${theme.ink}; }
td, th { white-space: nowrap; }
.yes, .no { font-weight: 600; }
.yes::before, .no::before { content: ''; display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 7px; }
.yes { color: #14705f; } .yes::before { background: ${theme.tones.yes}; }
.no { color: #a8500f; } .no::before { background: ${theme.tones.no}; }
table { border-collapse: collapse; margin-top: 16px; font-size: 15px; }
svg { display: block; }
th, td { text-align: left; padding: 7px 20px 7px 0; border-bottom: 1px solid ${theme.line}; vertical-align: middle; }
th { font-weight: 600; color: ${theme.quiet}; font-size: 13px; }
td.figure { font-variant-numeric: tabular-nums; text-align: right; }
td img { display: block; width: 52px; height: 52px; border-radius: 6px; }
footer { margin-top: 28px; font-size: 14px; color: ${theme.quiet}; }
pre { margin: 12px 0 0; overflow-x: auto; }
code, pre { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media print { body { background: none; } section { break-inside: avoid; } }
`;

/** A picture with a caption. */
export const figure = (url: string, description: string, caption?: Piece): Markup =>
  markup`<figure><img src="${url}" alt="${description}" loading="lazy">${caption ? markup`<figcaption>${caption}</figcaption>` : null}</figure>`;

/** Figures side by side, each at least `least` pixels wide. */
export const grid = (figures: readonly Markup[], least = 300): Markup =>
  markup`<div class="grid" style="--least: ${least}px">${figures}</div>`;

/** Something that may be wider than the page. */
export const scrolling = (content: Markup): Markup => markup`<div class="scroll">${content}</div>`;

/** A decision with its colour: green for yes, orange for no. */
export const verdict = (yes: boolean, text: string): Markup =>
  markup`<span class="${yes ? 'yes' : 'no'}">${text}</span>`;

const isFigure = (cell: Piece): boolean =>
  typeof cell === 'number' || (typeof cell === 'string' && /^-?\d[\d.]*$/.test(cell));

/** A table; cells that are figures are aligned to the right. */
export const table = (heads: readonly string[], rows: readonly (readonly Piece[])[]): Markup =>
  markup`<div class="scroll"><table><thead><tr>${heads.map((head) => markup`<th>${head}</th>`)}</tr></thead><tbody>${rows.map(
    (row) =>
      markup`<tr>${row.map((cell) => markup`<td${isFigure(cell) ? markup` class="figure"` : null}>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;

/** One HTML file that needs no other: no scripts, no requests, pictures as `data:` URLs. */
export function htmlReport({ title, lead, sections, foot, style: own = '' }: Report): string {
  const parts = sections.map(
    ({ title: heading, text, content, id }) =>
      markup`<section${id === undefined ? null : markup` id="${id}"`}><h2>${heading}</h2>${text ? markup`<p>${text}</p>` : null}${content}</section>\n`,
  );
  return `<!doctype html>\n${
    markup`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>`
      .text
  }${style}${own}${
    markup`</style></head>
<body><main><h1>${title}</h1><p class="lead">${lead}</p>
${parts}${foot ? markup`<footer>${foot}</footer>` : null}</main></body></html>
`.text
  }`;
}
