/** A marker segment and where it lies in the file: `start` is its 0xff, `end` lies after its data (and a scan's coded data). */
export interface JpegSegment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** The segments of a well-formed JPEG from SOI to EOI. */
export function jpegSegments(file: Uint8Array): JpegSegment[] {
  const segments: JpegSegment[] = [];
  for (let at = 2; file[at + 1] !== 0xd9; ) {
    const marker = file[at + 1]!;
    let end = at + 2 + file[at + 2]! * 256 + file[at + 3]!;
    const isMarker = () =>
      file[end] === 0xff && file[end + 1] !== 0 && !(file[end + 1]! >= 0xd0 && file[end + 1]! <= 0xd7);
    if (marker === 0xda) while (!isMarker()) end++;
    segments.push({ marker, start: at, end });
    at = end;
  }
  return segments;
}

/** The file with some bytes set: pairs of position and value. */
export function patched(file: Uint8Array, ...changes: (readonly [at: number, value: number])[]): Uint8Array {
  const copy = Uint8Array.from(file);
  for (const [at, value] of changes) copy[at] = value;
  return copy;
}
