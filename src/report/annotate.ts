import type { Box, Point } from '../image/geometry.ts';
import type { RgbaImage } from '../image/image.ts';
import { drawOver } from './canvas.ts';
import { ellipsize, placeLabels } from './labels.ts';
import { type Markup, markup } from './markup.ts';
import { type Tone, theme } from './theme.ts';
import { type Typesetter, typesetter } from './typesetter.ts';

/** A face to show: its box, and what to write beside it. */
export interface Mark {
  readonly box: Box;
  readonly landmarks?: readonly Point[];
  /** Who or what it is, in bold. */
  readonly name?: string;
  /** A figure after the name, such as a distance. */
  readonly detail?: string;
  /** The colour's meaning; `'plain'` by default. */
  readonly tone?: Tone;
}

export interface AnnotateOptions {
  /** Size of lines and letters: 1 suits a picture that fills a screen, 2 one that is shown at half its size. Default: 1. */
  readonly scale?: number;
}

interface Label {
  readonly name: string;
  readonly detail: string;
  readonly nameWidth: number;
  readonly width: number;
}

/** All lengths of a drawing follow from the size of its picture, so that it reads the same at any resolution. */
function measures({ width, height }: RgbaImage, scale: number) {
  const longer = Math.max(width, height) * scale;
  const text = Math.min(Math.max(Math.round(longer / 60), longer < 320 ? 10 : 12), Math.floor(height / 3));
  return {
    text,
    line: Math.max(1.5, longer / 600),
    dot: Math.max(0.8, longer / 1100),
    pad: Math.round(text * 0.45),
    labelHeight: Math.round(text * 1.6),
    readable: text >= 8,
  };
}

function labelOf(mark: Mark, room: number, size: number, type: Typesetter): Label {
  const space = size * 0.5;
  const detail = ellipsize(mark.detail ?? '', room, (text) => type.width(text, size));
  const detailWidth = type.width(detail, size);
  const nameRoom = detail ? room - detailWidth - space : room;
  const name = ellipsize(mark.name ?? '', nameRoom, (text) => type.width(text, size, true));
  const nameWidth = name ? type.width(name, size, true) + (detail ? space : 0) : 0;
  return { name, detail, nameWidth, width: Math.ceil(nameWidth + detailWidth) };
}

function drawLabel(label: Label, place: Box, tone: Tone, size: number, pad: number): Markup {
  const baseline = place.y + place.height / 2 + size * 0.36;
  return markup`<rect x="${place.x}" y="${place.y}" width="${place.width}" height="${place.height}" rx="${size * 0.3}" fill="#10161d" fill-opacity="0.82"/>
<rect x="${place.x}" y="${place.y}" width="${size * 0.22}" height="${place.height}" rx="${size * 0.11}" fill="${theme.tones[tone]}"/>
<g font-family="${theme.font}" font-size="${size}" fill="#fff"><text x="${place.x + pad}" y="${baseline}" font-weight="700">${label.name}</text>
<text x="${place.x + pad + label.nameWidth}" y="${baseline}" fill="#e3e9ef">${label.detail}</text></g>`;
}

function drawBox({ box, landmarks = [], tone = 'plain' }: Mark, line: number, dot: number): Markup {
  const frame = markup`x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="${line * 2}" fill="none"`;
  const dots = landmarks.map(
    ({ x, y }) =>
      markup`<circle cx="${x}" cy="${y}" r="${dot}" fill="#fff" stroke="#10161d" stroke-width="${dot / 2}"/>`,
  );
  // A dark line around the coloured one: seen on a bright photo and on a dark one.
  return markup`<rect ${frame} stroke="#10161d" stroke-opacity="0.55" stroke-width="${line * 2}"/><rect ${frame} stroke="${theme.tones[tone]}" stroke-width="${line}"/>${dots}`;
}

/**
 * A photo with boxes, landmarks, names and figures drawn over it, of the same size. Labels are never outside the
 * picture and are shortened where they do not fit; on pictures too small for readable text there are none.
 *
 * @example
 * const marked = await annotate(photo, [{ box, landmarks, name: 'Ada', detail: '0.41', tone: 'yes' }]);
 */
export async function annotate(
  photo: RgbaImage,
  marks: readonly Mark[],
  { scale = 1 }: AnnotateOptions = {},
): Promise<RgbaImage> {
  const type = await typesetter();
  const { text, line, dot, pad, labelHeight, readable } = measures(photo, scale);
  const boxes = marks.map((mark) => drawBox(mark, line, dot));

  const written = readable ? marks.filter(({ name, detail }) => name || detail) : [];
  const labels = written.map((mark) => labelOf(mark, photo.width - 2 * pad, text, type));
  const sizes = labels.map(({ width }) => ({ width: width + 2 * pad, height: labelHeight }));
  const places = placeLabels(
    written.map(({ box }) => box),
    sizes,
    photo,
    line * 2,
  );
  const tags = labels.map((label, i) =>
    label.width > 0 ? drawLabel(label, places[i]!, written[i]!.tone ?? 'plain', text, pad) : null,
  );
  const overlay = type.draw(
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${photo.width}" height="${photo.height}">${boxes}${tags}</svg>`,
  );
  return drawOver(photo, overlay);
}
