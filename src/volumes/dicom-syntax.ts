import { VolumeError } from '../core/errors.ts';

/** Transfer syntaxes whose values stand as they are, and their byte order (DICOM PS3.5, annex A). */
const PLAIN: Readonly<Record<string, 'little' | 'big'>> = {
  '1.2.840.10008.1.2': 'little',
  '1.2.840.10008.1.2.1': 'little',
  '1.2.840.10008.1.2.2': 'big',
};

const COMPRESSED: readonly (readonly [start: string, name: string])[] = [
  ['1.2.840.10008.1.2.1.99', 'deflate'],
  ['1.2.840.10008.1.2.5', 'run lengths'],
  ['1.2.840.10008.1.2.4.5', 'JPEG'],
  ['1.2.840.10008.1.2.4.7', 'lossless JPEG'],
  ['1.2.840.10008.1.2.4.8', 'JPEG-LS'],
  ['1.2.840.10008.1.2.4.9', 'JPEG 2000'],
  ['1.2.840.10008.1.2.4.10', 'MPEG'],
  ['1.2.840.10008.1.2.4.20', 'high-throughput JPEG 2000'],
];

/** The byte order of a transfer syntax. @throws VolumeError where it is compressed or unknown */
export function byteOrderOf(syntax: string): 'little' | 'big' {
  const order = PLAIN[syntax];
  if (order) return order;
  const name = COMPRESSED.find(([start]) => syntax.startsWith(start))?.[1];
  throw new VolumeError(
    name
      ? `dicom: its values are compressed with ${name} (transfer syntax ${syntax}), which is not supported: decompress it first, as with dcmdjpeg or gdcmconv --raw`
      : `dicom: its transfer syntax ${JSON.stringify(syntax)} is unknown`,
  );
}
