import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/core/errors.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { exifOrientation } from '../../src/image/orientation.ts';
import { faceApiPath } from '../data.ts';
import { jpegSegments, patched } from '../support/jpeg-file.ts';
import { pngChunk, pngEnd, pngFile, pngFrame } from '../support/png-file.ts';
import { randomFrom } from '../support/random.ts';

const photo = sharp(faceApiPath('demo/sample1.jpg')).resize(97, 61, { fit: 'fill' });
const baseline = Uint8Array.from(await photo.clone().jpeg().toBuffer());
const progressive = Uint8Array.from(await photo.clone().jpeg({ progressive: true }).toBuffer());
const png = Uint8Array.from(await photo.clone().png().toBuffer());
const interlaced = Uint8Array.from(await photo.clone().png({ progressive: true }).toBuffer());

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const concat = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** Rejected with an ImageError whose message matches, within a time that a service can afford. */
async function expectRefused(bytes: Uint8Array, message: RegExp): Promise<void> {
  const start = performance.now();
  const error = await decodeImage(bytes).then(
    () => 'decoded',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImageError);
  expect((error as ImageError).message).toMatch(message);
  expect(performance.now() - start).toBeLessThan(5000);
}

describe('what is not a picture', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /got an empty file/],
    ['one byte', Uint8Array.of(0xff), /got a file that starts with ff$/],
    ['zeros', new Uint8Array(5000), /starts with 00 00 00 00 00 00 00 00/],
    ['text', text('Dear Sir or Madam,\nplease find enclosed'), /got a text file/],
    ['text in UTF-8', text('Überraschung: kein Bild'), /got a text file/],
    ['JSON', text('{"error":"not found"}'), /got a text file/],
    ['a web page', text('\n <!DOCTYPE html><html><body>404'), /got an HTML page/],
    ['a web page with a byte order mark', text('\ufeff<html lang="en">'), /got an HTML page/],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), /got an SVG drawing/],
    ['SVG behind an XML declaration', text('<?xml version="1.0"?>\n<!-- x --><svg/>'), /got an SVG drawing/],
    ['PDF', text('%PDF-1.7\n%…'), /got a PDF document/],
    ['ZIP', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), /got a ZIP archive/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), /got a gzip archive/],
    ['BMP', concat(text('BM'), new Uint8Array(60)), /got a BMP picture/],
    ['a video', concat(Uint8Array.of(0, 0, 0, 32), text('ftypisom')), /got a video/],
    ['JPEG XL', Uint8Array.of(0xff, 0x0a, 0, 0), /got a JPEG XL picture/],
    ['JPEG 2000', concat(Uint8Array.of(0, 0, 0, 12), text('jP  ')), /got a JPEG 2000 picture/],
    ['a Photoshop document', text('8BPS\0\x01'), /got a Photoshop document/],
    ['an icon', Uint8Array.of(0, 0, 1, 0, 1, 0), /got an icon file/],
    [
      'a cut WebP',
      concat(text('RIFF'), Uint8Array.of(9, 0, 0, 0), text('WEBPVP8 ')),
      /sharp cannot read a WebP picture/,
    ],
    ['a cut GIF', text('GIF89a'), /sharp cannot read a GIF picture/],
    ['a cut TIFF', text('II*\0\x08\0\0\0'), /sharp cannot read a TIFF picture/],
    [
      'a cut HEIC',
      concat(Uint8Array.of(0, 0, 0, 24), text('ftypheic'), new Uint8Array(12)),
      /sharp cannot read a HEIC picture/,
    ],
  ])('%s', (_, bytes, message) => expectRefused(bytes, message));

  it('what is not bytes', async () => {
    await expect(decodeImage('photo.jpg' as never)).rejects.toThrow(/expected a Uint8Array, got string/);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('random bytes %i, also behind the signatures', async (seed) => {
    const random = randomFrom(seed);
    const noise = Uint8Array.from({ length: 4000 }, () => random() * 256);
    await expectRefused(noise, /./);
    await expectRefused(concat(baseline.subarray(0, 2), noise), /^jpeg/);
    await expectRefused(concat(png.subarray(0, 8), noise), /^png/);
  });
});

describe('a truncated file is never a picture', () => {
  it.each([
    ['baseline JPEG', baseline],
    ['progressive JPEG', progressive],
    ['PNG', png],
    ['interlaced PNG', interlaced],
  ])('%s, cut at 40 lengths', async (_, file) => {
    for (let i = 0; i < 40; i++)
      await expectRefused(file.subarray(0, Math.floor((file.length * i) / 40)), /truncated|empty file|starts with/);
    for (let cut = 1; cut <= 12; cut++) await expectRefused(file.subarray(0, file.length - cut), /truncated/);
  });
});

describe('hostile JPEG', () => {
  const segments = jpegSegments(baseline);
  const at = (marker: number) => segments.find((segment) => segment.marker === marker)!;
  const frame = at(0xc0).start;
  const scan = at(0xda).start;
  const size = (width: number, height: number) =>
    [
      [frame + 5, height >> 8],
      [frame + 6, height & 255],
      [frame + 7, width >> 8],
      [frame + 8, width & 255],
    ] as const;
  const without = (marker: number) => {
    const { start, end } = at(marker);
    return concat(baseline.subarray(0, start), baseline.subarray(end));
  };
  const eoi = Uint8Array.of(0xff, 0xd9);

  it.each<[string, Uint8Array, RegExp]>([
    ['no scan', concat(baseline.subarray(0, scan), eoi), /got no scan/],
    ['no frame', without(0xc0), /got no frame/],
    ['no quantisation tables', concat(...cut(baseline, 0xdb)), /^jpeg: the coded data is damaged/],
    ['no Huffman tables', concat(...cut(baseline, 0xc4)), /^jpeg: the coded data is damaged/],
    ['only the start', Uint8Array.of(0xff, 0xd8), /truncated/],
    ['start and end', concat(Uint8Array.of(0xff, 0xd8), eoi), /got no frame/],
    ['width 0', patched(baseline, ...size(0, 61)), /0 × 61 pixels; both must be at least 1/],
    ['height 0', patched(baseline, ...size(97, 0)), /97 × 0 pixels/],
    [
      '4 gigapixels',
      patched(baseline, ...size(65535, 65535)),
      /65535 × 65535 pixels, more than the 100000000 of maxPixels/,
    ],
    ['just over the limit', patched(baseline, ...size(10000, 10001)), /maxPixels/],
    ['98 megapixels claimed', patched(baseline, ...size(65535, 1500)), /damaged|stopped/],
    ['98 progressive megapixels claimed', progressiveSize(65535, 1500), /maxBytes/],
    [
      'a second frame',
      concat(baseline.subarray(0, scan), baseline.subarray(frame, at(0xc0).end), baseline.subarray(scan)),
      /second one/,
    ],
    ['12 bits', patched(baseline, [frame + 4, 12]), /expected 8 bits a sample, got 12/],
    ['2 components', patched(baseline, [frame + 9, 2]), /expected 1, 3 or 4 components, got 2/],
    ['0 components', patched(baseline, [frame + 9, 0]), /expected 1, 3 or 4 components, got 0/],
    ['255 components', patched(baseline, [frame + 9, 255]), /too few for 255 components/],
    ['sampling factors of 0', patched(baseline, [frame + 11, 0]), /^jpeg/],
    ['sampling factors of 15', patched(baseline, [frame + 11, 0xff]), /^jpeg/],
    ['a quantisation table that is not there', patched(baseline, [frame + 12, 3]), /^jpeg/],
    ['a segment of length 0', patched(baseline, [4, 0], [5, 0]), /states a length of 0/],
    ['a segment of length 1', patched(baseline, [4, 0], [5, 1]), /states a length of 1/],
    ['a segment beyond the end', patched(baseline, [4, 0xff], [5, 0xff]), /goes beyond its end/],
    ['a scan of components that are not there', patched(baseline, [scan + 5, 77]), /^jpeg/],
    ['Huffman tables that are not there', patched(baseline, [scan + 6, 0x33]), /^jpeg/],
    ['Huffman code lengths beyond their segment', patched(baseline, [at(0xc4).start + 5, 255]), /^jpeg/],
    ['no colour at all', concat(baseline.subarray(0, 2), new Uint8Array(3000).fill(0xff)), /truncated/],
    [
      'markers only',
      concat(
        baseline.subarray(0, 2),
        new Uint8Array(3000).map((_, i) => (i % 2 ? 0xd0 : 0xff)),
      ),
      /truncated/,
    ],
    ...(
      [
        ['lossless', 0xc3],
        ['hierarchical', 0xc5],
        ['arithmetic-coded', 0xc9],
        ['arithmetic-coded', 0xca],
      ] as const
    ).map(([kind, marker]): [string, Uint8Array, RegExp] => [
      `${kind} ${marker}`,
      patched(baseline, [frame + 1, marker]),
      new RegExp(`got ${kind}`),
    ]),
  ])('%s', (_, bytes, message) => expectRefused(bytes, message));

  it('more scans than any honest file has', async () => {
    const scans = jpegSegments(progressive).filter(({ marker }) => marker === 0xda);
    const last = scans.at(-1)!;
    const again = progressive.subarray(last.start, last.end);
    const file = (times: number) =>
      concat(progressive.subarray(0, last.end), ...Array<Uint8Array>(times).fill(again), eoi);
    await expectRefused(file(120), /at most 100 scans/);
  });

  it('bytes flipped anywhere give a picture of the stated size or an ImageError', () => flipped(baseline, 300));
  it('the same for progressive ones', () => flipped(progressive, 300));

  /** The file in pieces, without the segments of a marker. */
  function cut(file: Uint8Array, marker: number): Uint8Array[] {
    const kept = jpegSegments(file).filter((segment) => segment.marker !== marker);
    return [file.subarray(0, 2), ...kept.map(({ start, end }) => file.subarray(start, end)), Uint8Array.of(0xff, 0xd9)];
  }

  function progressiveSize(width: number, height: number): Uint8Array {
    const { start } = jpegSegments(progressive).find(({ marker }) => marker === 0xc2)!;
    return patched(
      progressive,
      [start + 5, height >> 8],
      [start + 6, height & 255],
      [start + 7, width >> 8],
      [start + 8, width & 255],
    );
  }
});

describe('hostile PNG', () => {
  const idat = (rows: ArrayLike<number>) => pngChunk('IDAT', deflateSync(Uint8Array.from(rows)));
  const grey = pngFrame(2, 2, 8, 0);
  const rows = [0, 1, 2, 0, 3, 4];
  const bomb = pngChunk('IDAT', deflateSync(new Uint8Array(300e6)));

  it.each<[string, Uint8Array, RegExp]>([
    ['a damaged signature', patched(png, [4, 0x0a]), /signature is damaged at byte 4/],
    [
      'a checksum that does not fit',
      patched(png, [png.length - 20, png[png.length - 20]! ^ 1]),
      /checksum of chunk IDAT/,
    ],
    ['a header checksum that does not fit', patched(png, [29, png[29]! ^ 1]), /checksum of chunk IHDR at byte 8/],
    ['no header', pngFile(idat(rows), pngEnd), /expected chunk IHDR first, got "IDAT"/],
    [
      "Apple's own variant",
      pngFile(pngChunk('CgBI', new Uint8Array(4)), grey, idat(rows), pngEnd),
      /IHDR first, got "CgBI"/,
    ],
    ['two headers', pngFile(grey, grey, idat(rows), pngEnd), /second one/],
    [
      'a short header',
      pngFile(pngChunk('IHDR', new Uint8Array(12)), idat(rows), pngEnd),
      /IHDR must hold 13 bytes, got 12/,
    ],
    ['no data', pngFile(grey, pngEnd), /expected image data/],
    ['no end', pngFile(grey, idat(rows)), /truncated/],
    ['width 0', pngFile(pngFrame(0, 2, 8, 0), idat(rows), pngEnd), /0 × 2 pixels; both must be at least 1/],
    ['height 0', pngFile(pngFrame(2, 0, 8, 0), idat(rows), pngEnd), /2 × 0 pixels/],
    ['2^31 pixels wide', pngFile(pngFrame(2 ** 31 - 1, 1, 8, 0), idat(rows), pngEnd), /maxPixels/],
    ['4 billion squared', pngFile(pngFrame(2 ** 32 - 1, 2 ** 32 - 1, 16, 6), idat(rows), pngEnd), /maxPixels/],
    [
      '90 megapixels claimed',
      pngFile(pngFrame(9000, 10000, 8, 2), idat(rows), pngEnd),
      /asks for 270010000 bytes of pixels, got 6/,
    ],
    [
      '90 interlaced megapixels claimed',
      pngFile(pngFrame(9000, 10000, 8, 2, 1), idat(rows), pngEnd),
      /bytes of pixels, got 6/,
    ],
    [
      '3 bits a sample',
      pngFile(pngFrame(2, 2, 3, 0), idat(rows), pngEnd),
      /3 bits of colour type 0 are not a kind of PNG/,
    ],
    ['16 bits of palette', pngFile(pngFrame(2, 2, 16, 3), idat(rows), pngEnd), /16 bits of colour type 3/],
    ['colour type 5', pngFile(pngFrame(2, 2, 8, 5), idat(rows), pngEnd), /colour type 5/],
    ['interlace 2', pngFile(pngFrame(2, 2, 8, 0, 2), idat(rows), pngEnd), /0 and 2$/],
    ['no palette', pngFile(pngFrame(2, 2, 8, 3), idat(rows), pngEnd), /expected a palette \(PLTE\), got none/],
    [
      'a palette of 4 bytes',
      pngFile(pngFrame(2, 2, 8, 3), pngChunk('PLTE', new Uint8Array(4)), idat(rows), pngEnd),
      /got 4 bytes/,
    ],
    [
      'a palette of 257',
      pngFile(pngFrame(2, 2, 8, 3), pngChunk('PLTE', new Uint8Array(771)), idat(rows), pngEnd),
      /got 771 bytes/,
    ],
    [
      'a colour that the palette lacks',
      pngFile(pngFrame(2, 2, 8, 3), pngChunk('PLTE', new Uint8Array(9)), idat(rows), pngEnd),
      /names colour 3 of a palette of 3/,
    ],
    [
      'tRNS of the wrong size',
      pngFile(grey, pngChunk('tRNS', new Uint8Array(6)), idat(rows), pngEnd),
      /tRNS of colour type 0 must hold 2 bytes, got 6/,
    ],
    [
      'a critical chunk that nobody knows',
      pngFile(grey, pngChunk('ABCD', new Uint8Array(1)), idat(rows), pngEnd),
      /"ABCD" is critical/,
    ],
    ['a chunk beyond the end', patched(png, [33, 0xff]), /truncated/],
    ['too few rows', pngFile(grey, idat(rows.slice(0, 3)), pngEnd), /asks for 6 bytes of pixels, got 3/],
    ['one byte too few', pngFile(grey, idat(rows.slice(0, 5)), pngEnd), /asks for 6 bytes of pixels, got 5/],
    ['one byte too many', pngFile(grey, idat([...rows, 0]), pngEnd), /asks for 6 bytes of pixels, got more/],
    ['a zlib bomb', pngFile(grey, bomb, pngEnd), /asks for 6 bytes of pixels, got more/],
    ['row filter 5', pngFile(grey, idat([5, ...rows.slice(1)]), pngEnd), /row filter of 0 to 4, got 5/],
    ['row filter 255', pngFile(grey, idat([255, ...rows.slice(1)]), pngEnd), /row filter of 0 to 4, got 255/],
    [
      'data that is not zlib',
      pngFile(grey, pngChunk('IDAT', text('not compressed')), pngEnd),
      /compressed data is damaged/,
    ],
    [
      'zlib of another method',
      pngFile(grey, pngChunk('IDAT', Uint8Array.of(0x77, 0x01, 0, 0, 0, 0, 0, 0)), pngEnd),
      /compressed data is damaged/,
    ],
    ['an empty stream', pngFile(grey, pngChunk('IDAT', new Uint8Array(0)), pngEnd), /got 0$/],
  ])('%s', (_, bytes, message) => expectRefused(bytes, message));

  it('bytes flipped anywhere give a picture of the stated size or an ImageError', () => flipped(png, 300));

  it('deflate streams with bytes flipped behind right checksums as well', async () => {
    const raw = await photo.clone().raw().toBuffer();
    const lines = Array.from({ length: 61 }, (_, y) => [1, ...raw.subarray(y * 291, (y + 1) * 291)]).flat();
    const stream = deflateSync(Uint8Array.from(lines));
    const random = randomFrom(5);
    for (let i = 0; i < 300; i++) {
      const damaged = patched(stream, [Math.floor(random() * stream.length), Math.floor(random() * 256)]);
      await pictureOrError(pngFile(pngFrame(97, 61, 8, 2), pngChunk('IDAT', damaged), pngEnd));
    }
  });
});

describe('options', () => {
  it.each(['maxPixels', 'maxBytes', 'reduceAbove'])('%s must be a number above 0', async (name) => {
    for (const value of [0, -1, Number.NaN, '5', null])
      await expect(decodeImage(png, { [name]: value })).rejects.toThrow(new RegExp(`${name} must be a number above 0`));
  });

  it('maxPixels and maxBytes hold for every format', async () => {
    const webp = Uint8Array.from(await photo.clone().webp().toBuffer());
    for (const file of [baseline, progressive, png, interlaced, webp]) {
      await expect(decodeImage(file, { maxPixels: 97 * 61 - 1 })).rejects.toThrow(/maxPixels|pixel limit/);
      await expect(decodeImage(file, { maxBytes: 20000 })).rejects.toThrow(/maxBytes/);
      expect(await decodeImage(file, { maxPixels: 97 * 61 })).toMatchObject({ width: 97, height: 61 });
    }
  });
});

describe('EXIF orientation', () => {
  const tiff = Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0);

  it('both byte orders', () => {
    const little = Uint8Array.of(
      0x49,
      0x49,
      42,
      0,
      8,
      0,
      0,
      0,
      1,
      0,
      0x12,
      0x01,
      3,
      0,
      1,
      0,
      0,
      0,
      8,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    );
    expect(exifOrientation(tiff)).toBe(6);
    expect(exifOrientation(little)).toBe(8);
  });

  it.each<[string, Uint8Array]>([
    ['an empty block', new Uint8Array(0)],
    ['7 bytes', tiff.subarray(0, 7)],
    ['another byte order', patched(tiff, [0, 0x4a])],
    ['not TIFF', patched(tiff, [3, 43])],
    ['a directory beyond the end', patched(tiff, [4, 0xff])],
    ['a directory at the last byte', patched(tiff, [7, tiff.length - 1])],
    ['entries beyond the end', patched(tiff, [8, 0xff], [11, 0])],
    ['another type', patched(tiff, [13, 4])],
    ['orientation 0', patched(tiff, [19, 0])],
    ['orientation 9', patched(tiff, [19, 9])],
    ['no orientation', patched(tiff, [11, 0x13])],
    ['a cut entry', tiff.subarray(0, 18)],
  ])('upright where the block is broken: %s', (_, block) => expect(exifOrientation(block)).toBe(1));
});

/** Decodes; an error must be an ImageError, a picture must be whole. */
async function pictureOrError(file: Uint8Array): Promise<void> {
  try {
    const { data, width, height } = await decodeImage(file);
    expect(data.length).toBe(width * height * 4);
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
  }
}

async function flipped(file: Uint8Array, times: number): Promise<void> {
  const random = randomFrom(file.length);
  for (let i = 0; i < times; i++) {
    const reach = i % 2 === 0 ? file.length : Math.min(700, file.length);
    await pictureOrError(patched(file, [Math.floor(random() * reach), Math.floor(random() * 256)]));
  }
}
