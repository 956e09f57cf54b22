import { htmlReport, type Section } from './html.ts';
import { type Markup, markup } from './markup.ts';
import { theme } from './theme.ts';

/** A photo that patches lie in. */
export interface InspectedPhoto {
  readonly name: string;
  /** A `data:` URL of a small copy. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** Shares of a photo's width and height, from its top left corner. */
export interface Shares {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where in a photo a unit is most active. */
export interface InspectedPatch {
  /** Number of the photo in the list of all. */
  readonly photo: number;
  readonly activation: number;
  /** What the unit sees; it may hang over. */
  readonly box: Shares;
  /** What of it drives the unit most, where that is known. */
  readonly effective?: Shares;
  /** The middle of what the unit sees. */
  readonly centre: { readonly x: number; readonly y: number };
}

export interface InspectedUnit {
  readonly unit: number;
  /** A `data:` URL of its patches, with what of them drives it where that was drawn. */
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly patches: readonly InspectedPatch[];
}

export interface InspectedLayer {
  readonly layer: string;
  readonly text: string;
  readonly units: readonly InspectedUnit[];
}

export interface InspectionReport {
  readonly title: string;
  readonly lead: string;
  /** From shallow to deep. */
  readonly layers: readonly InspectedLayer[];
  readonly photos: readonly InspectedPhoto[];
  readonly foot?: string;
}

const style = `
nav { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 20px; }
nav a, .unit a { padding: 6px 14px; border: 1px solid ${theme.line}; border-radius: 999px; background: ${theme.paper}; color: ${theme.ink}; text-decoration: none; }
a:hover { border-color: ${theme.tones.plain}; }
a:focus-visible { outline: 3px solid ${theme.tones.plain}; outline-offset: 2px; }
section { scroll-margin-top: 12px; }
.units { display: flex; flex-wrap: wrap; gap: 14px; margin-top: 16px; }
.units a { display: block; padding: 8px; border: 1px solid ${theme.line}; border-radius: 10px; color: ${theme.quiet}; font-size: 14px; text-decoration: none; }
.picture, .photo { display: block; background-size: 100% 100%; }
.units .picture { width: calc(var(--w) * 0.62px); aspect-ratio: var(--w) / var(--h); margin-bottom: 4px; }
.unit { display: none; position: fixed; inset: 0; z-index: 1; overflow: auto; background: ${theme.wash}; padding: 28px 24px 48px; }
.unit:target { display: block; }
.unit > div { max-width: 1072px; margin: 0 auto; }
.unit .bar { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 20px; }
.unit .picture { width: min(100%, calc(var(--w) * 1.6px)); aspect-ratio: var(--w) / var(--h); border-radius: 8px; margin-bottom: 24px; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 20px; }
.photo { position: relative; overflow: hidden; width: 100%; aspect-ratio: var(--w) / var(--h); border-radius: 8px; }
.photo i { position: absolute; border: 2px solid #ffd640; outline: 1px solid rgb(20 24 28 / 0.8); }
.photo i + i { border-style: dashed; border-radius: 6px; }
.photo b { position: absolute; width: 10px; height: 10px; margin: -5px; border-radius: 50%; border: 2px solid #ffd640; background: rgb(20 24 28 / 0.8); }
html:has(.unit:target) { overflow: hidden; }
@media print { .unit { display: none !important; } }
`;

const idOf = (layer: string, unit: number): string => `${layer}:${unit}`;
const percent = (share: number): string => `${Number((share * 100).toFixed(3))}%`;

/** A picture by its class, so that a file holds each only once. */
const cssOf = (name: string, url: string, width: number, height: number): string =>
  `.${name} { --w: ${width}; --h: ${height}; background-image: url(${url}); }\n`;

/**
 * What units look for, as one HTML file to click through: layers, their units, a unit's patches, and where these lie in the
 * photos. No scripts and no requests: all moves are links, so that keyboard and history work.
 */
export function inspectionReport({ title, lead, layers, photos, foot }: InspectionReport): string {
  const pictures = [
    ...photos.map(({ url, width, height }, i) => cssOf(`photo-${i}`, url, width, height)),
    ...layers.flatMap(({ units }, l) =>
      units.map(({ url, width, height }, i) => cssOf(`unit-${l}-${i}`, url, width, height)),
    ),
  ];
  const links = markup`<nav aria-label="Layers">${layers.map(({ layer }) => markup`<a href="#${layer}">${layer}</a>`)}</nav>`;
  const sections = layers.map(
    (layer, l): Section => ({
      title: layer.layer,
      text: layer.text,
      content: markup`${overview(layer, l)}${layer.units.map((_, i) => unitView(layer, l, i, photos))}`,
      id: layer.layer,
    }),
  );
  return htmlReport({
    title,
    lead: markup`${lead}${links}`,
    sections,
    ...(foot && { foot }),
    style: style + pictures.join(''),
  });
}

const overview = ({ layer, units }: InspectedLayer, l: number): Markup =>
  markup`<div class="units">${units.map(
    ({ unit }, i) =>
      markup`<a href="#${idOf(layer, unit)}"><span class="picture unit-${l}-${i}" role="img" aria-label="patches of unit ${unit}"></span>unit ${unit}</a>`,
  )}</div>`;

function unitView({ layer, units }: InspectedLayer, l: number, i: number, photos: readonly InspectedPhoto[]): Markup {
  const { unit, patches } = units[i]!;
  const link = (to: InspectedUnit | undefined, text: string): Markup | null =>
    to ? markup`<a href="#${idOf(layer, to.unit)}">${text}</a>` : null;
  return markup`<div class="unit" id="${idOf(layer, unit)}"><div><p class="bar"><a href="#${layer}">All of ${layer}</a>${link(units[i - 1], '← Previous unit')}${link(units[i + 1], 'Next unit →')}</p><h2>${layer}, unit ${unit}</h2><span class="picture unit-${l}-${i}" role="img" aria-label="patches of unit ${unit}"></span><div class="photos">${patches.map((patch, n) => photoOf(patch, n, photos[patch.photo]!))}</div></div></div>\n`;
}

const frameOf = ({ x, y, width, height }: Shares): Markup =>
  markup`<i style="left: ${percent(x)}; top: ${percent(y)}; width: ${percent(width)}; height: ${percent(height)}"></i>`;

function photoOf(
  { photo, activation, box, effective, centre }: InspectedPatch,
  n: number,
  { name }: InspectedPhoto,
): Markup {
  const middle = `left: ${percent(centre.x)}; top: ${percent(centre.y)}`;
  return markup`<figure><span class="photo photo-${photo}" role="img" aria-label="${name}">${frameOf(box)}${effective ? frameOf(effective) : null}<b style="${middle}"></b></span><figcaption><b>${n + 1}. ${activation.toPrecision(4)}</b> ${name}</figcaption></figure>`;
}
