/** A kind of file, by its first bytes. */
export interface Format {
  readonly name: string;
  /** Who reads it: this package, the optional package sharp, or nobody here. */
  readonly reader: 'jpeg' | 'png' | 'netpbm' | 'sharp' | 'none';
}

type Signature = readonly [name: string, reader: Format['reader'], offset: number, bytes: string];

/** First match wins. Bytes as Latin-1; the brands of ISO media files stand at byte 8. */
const SIGNATURES: readonly Signature[] = [
  ['a JPEG picture', 'jpeg', 0, '\xff\xd8'],
  ['a PNG picture', 'png', 0, '\x89PNG'],
  ['a PGM picture', 'netpbm', 0, 'P5\n'],
  ['a PGM picture', 'netpbm', 0, 'P5 '],
  ['a PPM picture', 'netpbm', 0, 'P6\n'],
  ['a PPM picture', 'netpbm', 0, 'P6 '],
  ['a WebP picture', 'sharp', 8, 'WEBP'],
  ['a GIF picture', 'sharp', 0, 'GIF8'],
  ['a TIFF picture', 'sharp', 0, 'II*\0'],
  ['a TIFF picture', 'sharp', 0, 'MM\0*'],
  ['an AVIF picture', 'sharp', 4, 'ftypavif'],
  ['an AVIF picture', 'sharp', 4, 'ftypavis'],
  ['a HEIC picture', 'sharp', 4, 'ftyphei'],
  ['a HEIC picture', 'sharp', 4, 'ftyphevc'],
  ['a HEIF picture', 'sharp', 4, 'ftypmif1'],
  ['a HEIF picture', 'sharp', 4, 'ftypmsf1'],
  ['a video', 'none', 4, 'ftyp'],
  ['a BMP picture', 'none', 0, 'BM'],
  ['a JPEG XL picture', 'none', 0, '\xff\x0a'],
  ['a JPEG XL picture', 'none', 4, 'JXL '],
  ['a JPEG 2000 picture', 'none', 4, 'jP  '],
  ['an icon file', 'none', 0, '\0\0\x01\0'],
  ['a Photoshop document', 'none', 0, '8BPS'],
  ['a PDF document', 'none', 0, '%PDF'],
  ['a ZIP archive', 'none', 0, 'PK\x03\x04'],
  ['a gzip archive', 'none', 0, '\x1f\x8b'],
];

/** What a file is. Text is told apart so that a web page saved as a picture is named as one. */
export function formatOf(bytes: Uint8Array): Format {
  if (bytes.length === 0) return { name: 'an empty file', reader: 'none' };
  const start = bytes.subarray(0, 1024);
  const latin = String.fromCharCode(...start);
  const signature = SIGNATURES.find(([, , offset, pattern]) => latin.startsWith(pattern, offset));
  if (signature) return { name: signature[0], reader: signature[1] };
  const text = textOf(start);
  return {
    name: text === undefined ? `a file that starts with ${hex(bytes.subarray(0, 8))}` : kindOfText(text),
    reader: 'none',
  };
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** The start of a text in UTF-8, undefined where it is none. */
function textOf(start: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true }).trim().toLowerCase();
    // A control character: not text. An incomplete one alone: nothing to read.
    return text === '' || /[^\P{Cc}\t\n\r]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function kindOfText(text: string): string {
  if (/^(<\?xml[\s\S]*)?<svg|^<!doctype svg/.test(text)) return 'an SVG drawing';
  return /^<(!doctype html|html|head|body)/.test(text) ? 'an HTML page' : 'a text file';
}
