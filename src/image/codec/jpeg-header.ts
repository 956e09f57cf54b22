import { ImageError } from '../../core/errors.ts';
import { exifOrientation, type Orientation } from '../orientation.ts';

/** What the markers of a JPEG say (ITU-T T.81 Annex B), before any pixel is decoded. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly progressive: boolean;
  /** Cells of the component planes for each pixel: 3 for 4:4:4, 1.5 for 4:2:0. */
  readonly planes: number;
  readonly orientation: Orientation;
  /** RGB by the components' names, or CMYK by their number, that no JFIF or Adobe marker states. */
  readonly unmarked: boolean;
  /** Where the picture ends: what follows (a motion photo's film, a second view) is not part of it. */
  readonly end: number;
}

type Frame = Omit<JpegHeader, 'orientation' | 'end'>;

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP14 = 0xee;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const TEM = 0x01;

/** Scans of real progressive files: 10, at most some 30. Each one walks the whole picture, so a short file could cost hours. */
const MOST_SCANS = 100;

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;

/**
 * Reads the markers from SOI to EOI.
 * @throws ImageError where one of them is missing (a truncated file), the frame is of a kind that is not decoded
 * (lossless, hierarchical, arithmetic, 12 bits), or there are more scans than any honest file has.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  let frame: Frame | undefined;
  let orientation: Orientation = 1;
  let scans = 0;
  let marked = false;
  let at = 2;
  for (;;) {
    at = nextMarker(bytes, at);
    const marker = bytes[at - 1]!;
    if (marker === EOI) break;
    if (marker === TEM || marker === SOI || isRestart(marker)) continue;
    const segment = readSegment(bytes, at);
    at += segment.length + 2;
    if (isFrame(marker)) {
      if (frame) throw new ImageError('jpeg: expected one frame, got a second one');
      frame = readFrame(marker, segment);
    } else if (marker === APP1 && orientation === 1) {
      if (isNamed(segment, 'Exif\0')) orientation = exifOrientation(segment.subarray(6));
    } else if (marker === APP0 || marker === APP14) {
      marked ||= isNamed(segment, marker === APP0 ? 'JFIF\0' : 'Adobe');
    } else if (marker === SOS && ++scans > MOST_SCANS) {
      throw new ImageError(`jpeg: expected at most ${MOST_SCANS} scans, got more`);
    }
  }
  if (!frame || scans === 0)
    throw new ImageError(`jpeg: expected a frame and a scan before the end, got no ${frame ? 'scan' : 'frame'}`);
  return { ...frame, orientation, unmarked: frame.unmarked && !marked, end: at };
}

/** Position after the next marker. What lies before it is entropy-coded data, or padding that decoders pass over. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length)
      throw new ImageError(`jpeg: the file is truncated: ${bytes.length} bytes without an end-of-image marker`);
    const code = bytes[at + 1]!;
    if (code !== 0 && code !== 0xff) return at + 2;
    at++;
  }
}

/** What a marker's segment holds, without its length field. */
function readSegment(bytes: Uint8Array, at: number): Uint8Array {
  const length = at + 2 <= bytes.length ? bytes[at]! * 256 + bytes[at + 1]! : 0;
  const name = `0xff${bytes[at - 1]!.toString(16)}`;
  if (at + Math.max(length, 2) > bytes.length)
    throw new ImageError(
      `jpeg: the file is truncated or damaged: segment ${name} at byte ${at - 2} goes beyond its end`,
    );
  if (length < 2) throw new ImageError(`jpeg: segment ${name} at byte ${at - 2} states a length of ${length}`);
  return bytes.subarray(at + 2, at + length);
}

const KINDS: Readonly<Record<number, string>> = {
  3: 'lossless',
  5: 'hierarchical',
  6: 'hierarchical',
  7: 'lossless',
  9: 'arithmetic-coded',
  10: 'arithmetic-coded',
  11: 'lossless',
  13: 'hierarchical',
  14: 'hierarchical',
  15: 'lossless',
};

function readFrame(marker: number, segment: Uint8Array): Frame {
  const kind = KINDS[marker - 0xc0];
  if (kind) throw new ImageError(`jpeg: expected baseline, extended or progressive coding, got ${kind}`);
  const components = segment[5] ?? 0;
  if (segment.length < 6 + 3 * components)
    throw new ImageError(`jpeg: the frame header holds ${segment.length} bytes, too few for ${components} components`);
  if (segment[0] !== 8) throw new ImageError(`jpeg: expected 8 bits a sample, got ${segment[0]}`);
  if (components !== 1 && components !== 3 && components !== 4)
    throw new ImageError(`jpeg: expected 1, 3 or 4 components, got ${components}`);
  const names = Array.from({ length: components }, (_, i) => String.fromCharCode(segment[6 + 3 * i]!)).join('');
  const samplings = Array.from({ length: components }, (_, i) => segment[7 + 3 * i]!);
  const cells = samplings.map((sampling) => (sampling >> 4) * (sampling & 15));
  const across = Math.max(...samplings.map((sampling) => sampling >> 4));
  const down = Math.max(...samplings.map((sampling) => sampling & 15));
  return {
    height: segment[1]! * 256 + segment[2]!,
    width: segment[3]! * 256 + segment[4]!,
    components,
    progressive: marker === 0xc2,
    unmarked: components === 4 || names === 'RGB',
    planes: cells.reduce((sum, n) => sum + n, 0) / Math.max(1, across * down),
  };
}

const isNamed = (segment: Uint8Array, name: string): boolean =>
  String.fromCharCode(...segment.subarray(0, name.length)) === name;
