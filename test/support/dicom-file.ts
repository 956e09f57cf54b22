type Value = string | number | readonly string[] | Uint8Array;

/** Representations of the elements that a test writes (DICOM PS3.6); two bytes a number. */
const WHOLE = new Set(['0028,0002', '0028,0010', '0028,0011', '0028,0100', '0028,0101', '0028,0102', '0028,0103']);
const REPRESENTATION: Readonly<Record<string, string>> = {
  '0008,0008': 'CS',
  '0008,0060': 'CS',
  '0018,0050': 'DS',
  '0018,0088': 'DS',
  '0020,000E': 'UI',
  '0020,0032': 'DS',
  '0020,0037': 'DS',
  '0028,0004': 'CS',
  '0028,0008': 'IS',
  '0028,0030': 'DS',
  '0028,1052': 'DS',
  '0028,1053': 'DS',
  '0028,1054': 'LO',
};

export interface DicomFile {
  /** Default: explicit, little-endian. */
  readonly syntax?: string;
  /** By tag, `gggg,eeee`. */
  readonly elements: Readonly<Record<string, Value | undefined>>;
  readonly pixels?: Uint8Array;
}

const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

function bytesOf(tag: string, value: Value, little: boolean): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (WHOLE.has(tag)) {
    const bytes = new Uint8Array(2);
    new DataView(bytes.buffer).setUint16(0, Number(value), little);
    return bytes;
  }
  const text = Array.isArray(value) ? value.join('\\') : String(value);
  return latin(text.length % 2 ? `${text} ` : text);
}

function element(tag: string, vr: string, value: Uint8Array, explicit: boolean, little: boolean): Uint8Array {
  const long = explicit && ['OB', 'OW'].includes(vr);
  const head = new Uint8Array(long ? 12 : 8);
  const view = new DataView(head.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), little);
  view.setUint16(2, Number.parseInt(tag.slice(5), 16), little);
  if (explicit) head.set(latin(vr), 4);
  if (explicit && !long) view.setUint16(6, value.length, little);
  else view.setUint32(long ? 8 : 4, value.length, little);
  return Uint8Array.from(Buffer.concat([head, value]));
}

/** A DICOM file, byte by byte from PS3.5 and PS3.10: nothing is shared with what reads it. */
export function dicomFile({ syntax = '1.2.840.10008.1.2.1', elements, pixels }: DicomFile): Uint8Array {
  const explicit = syntax !== '1.2.840.10008.1.2';
  const little = syntax !== '1.2.840.10008.1.2.2';
  const id = latin(syntax.length % 2 ? `${syntax}\0` : syntax);
  const meta = element('0002,0010', 'UI', id, true, true);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, meta.length, true);
  const parts = [new Uint8Array(128), latin('DICM'), element('0002,0000', 'UL', length, true, true), meta];
  for (const tag of Object.keys(elements).sort()) {
    const value = elements[tag];
    if (value === undefined) continue;
    const vr = WHOLE.has(tag) ? 'US' : REPRESENTATION[tag]!;
    parts.push(element(tag, vr, bytesOf(tag, value, little), explicit, little));
  }
  if (pixels) parts.push(element('7FE0,0010', 'OW', pixels, explicit, little));
  return Uint8Array.from(Buffer.concat(parts));
}
