import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/image/decode.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';
import { jpegSegments, patched } from '../support/jpeg-file.ts';
import { decodedBySharp, overWhiteOracle, pixelDifference } from '../support/pixels.ts';
import { pngChunk, pngEnd, pngFile, pngFrame } from '../support/png-file.ts';
import { randomFrom } from '../support/random.ts';

const sample = faceApiPath('demo/sample1.jpg');
const small = () => sharp(sample).resize(101, 67, { fit: 'fill' });

/** How far two correct JPEG decoders may be apart: rounding of the inverse DCT, chroma interpolation, colour conversion. */
const JPEG = { mean: 0.1, most: 4 };

async function expectLikeSharp(file: Uint8Array, tolerance = JPEG) {
  const picture = await decodeImage(file, { reduceAbove: Infinity });
  const difference = pixelDifference(picture.data, await decodedBySharp(file));
  expect(difference.mean).toBeLessThanOrEqual(tolerance.mean);
  expect(difference.most).toBeLessThanOrEqual(tolerance.most);
  return picture;
}

describe('JPEG', () => {
  it.each([1, 2, 3, 4, 5, 6])('photo %i as libvips decodes it', async (n) => {
    await expectLikeSharp(readFileSync(faceApiPath(`demo/sample${n}.jpg`)));
  });

  it.runIf(hasData).each(['angry.jpg', 'angry_cropped.jpg', 'faces.jpg', 'surprised.jpg'])('%s', async (name) => {
    await expectLikeSharp(readFileSync(dataPath(`faces/reference-inputs/${name}`)));
  });

  it.each([
    ['baseline', {}],
    ['progressive', { progressive: true }],
    ['without chroma subsampling', { chromaSubsampling: '4:4:4' }],
    ['progressive, without chroma subsampling', { progressive: true, chromaSubsampling: '4:4:4' }],
    ['lowest quality', { quality: 1 }],
    ['highest quality', { quality: 100 }],
    ['optimised tables and scans', { mozjpeg: true }],
  ])('%s', async (_, options) => {
    await expectLikeSharp(await small().jpeg(options).toBuffer());
  });

  it('grey: one value for red, green and blue', async () => {
    const file = await small().toColourspace('b-w').jpeg().toBuffer();
    expect((await sharp(file).metadata()).channels).toBe(1);
    const { data } = await expectLikeSharp(file);
    expect(data.every((v, i) => i % 4 === 3 || v === data[i & ~3])).toBe(true);
  });

  describe('colours by marker', () => {
    const full = { quality: 100, chromaSubsampling: '4:4:4' };
    const adobe = (transform: number) =>
      Uint8Array.of(0xff, 0xee, 0, 14, ...new TextEncoder().encode('Adobe'), 0, 100, 0, 0, 0, 0, transform);
    /** The file with its application markers replaced. */
    const marked = (file: Uint8Array, marker: Uint8Array) => {
      const kept = jpegSegments(file).filter(({ marker }) => marker < 0xe0);
      const segments = kept.map(({ start, end }) => file.subarray(start, end));
      return Uint8Array.from(Buffer.concat([file.subarray(0, 2), marker, ...segments, Uint8Array.of(0xff, 0xd9)]));
    };
    const none = new Uint8Array(0);

    it('YCbCr without a marker', async () => {
      await expectLikeSharp(marked(await small().jpeg().toBuffer(), none));
    });

    it('RGB by the Adobe marker', async () => {
      await expectLikeSharp(marked(await small().jpeg(full).toBuffer(), adobe(0)));
    });

    it("RGB by the components' names", async () => {
      const file = marked(await small().jpeg(full).toBuffer(), none);
      const [frame, scan] = [0xc0, 0xda].map(
        (wanted) => jpegSegments(file).find(({ marker }) => marker === wanted)!.start,
      );
      const names = [...'RGB'].map((name) => name.charCodeAt(0));
      const renamed = names.flatMap(
        (name, i) =>
          [
            [frame! + 10 + 3 * i, name],
            [scan! + 5 + 2 * i, name],
          ] as const,
      );
      await expectLikeSharp(patched(file, ...renamed));
    });

    it.each([
      ['CMYK', adobe(0)],
      ['YCCK', adobe(2)],
      ['CMYK without a marker', none],
    ])('%s: (1 − ink)·(1 − black)', async (_, marker) => {
      const file = marked(await small().toColourspace('cmyk').jpeg(full).toBuffer(), marker);
      const inks = await sharp(file).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
      expect(inks.length).toBe(101 * 67 * 4);
      const light = (i: number) => 255 - inks[i]!;
      const expected = Uint8Array.from(inks, (_, i) => (i % 4 === 3 ? 255 : (light(i) * light(i | 3)) / 255));
      expect(pixelDifference((await decodeImage(file)).data, expected).most).toBeLessThanOrEqual(3);
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', async (orientation) => {
    const picture = await expectLikeSharp(await small().withMetadata({ orientation }).jpeg().toBuffer());
    const upright = orientation < 5 ? [101, 67] : [67, 101];
    expect([picture.width, picture.height]).toEqual(upright);
    expect([picture.sourceWidth, picture.sourceHeight]).toEqual(upright);
  });

  describe('12 megapixels', () => {
    let large: ReturnType<typeof sharp>;
    beforeAll(async () => {
      const raw = await sharp(sample).resize(4032, 3024, { fit: 'fill' }).raw().toBuffer();
      large = sharp(raw, { raw: { width: 4032, height: 3024, channels: 3 } });
    });

    it.each([1, 6])('come at half their width and height, orientation %i', async (orientation) => {
      const picture = await decodeImage(
        await large.clone().withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer(),
      );
      const [width, height] = orientation < 5 ? [2016, 1512] : [1512, 2016];
      expect([picture.width, picture.height]).toEqual([width, height]);
      expect([picture.sourceWidth, picture.sourceHeight]).toEqual([2 * width!, 2 * height!]);
      const upright = large
        .clone()
        .rotate(orientation === 6 ? 90 : 0)
        .resize(width, height, { kernel: 'linear' });
      expect(pixelDifference(picture.data, await upright.ensureAlpha().raw().toBuffer()).mean).toBeLessThan(1);
    });

    it('stay within a small memory, which the header foretells', async () => {
      const instances: WebAssembly.Instance[] = [];
      const { Instance } = WebAssembly;
      WebAssembly.Instance = class extends Instance {
        constructor(module: WebAssembly.Module) {
          super(module);
          instances.push(this);
        }
      };
      try {
        const baseline = await large.clone().jpeg({ quality: 90 }).toBuffer();
        const progressive = await large.clone().jpeg({ quality: 90, progressive: true }).toBuffer();
        await decodeImage(baseline, { maxBytes: 28e6 });
        await expect(decodeImage(baseline, { maxBytes: 26e6 })).rejects.toThrow(/maxBytes/);
        await decodeImage(progressive, { maxBytes: 65e6 });
        await expect(decodeImage(progressive, { maxBytes: 60e6 })).rejects.toThrow(/maxBytes/);
      } finally {
        WebAssembly.Instance = Instance;
      }
      const bytes = instances.map(({ exports }) => (exports.memory as WebAssembly.Memory).buffer.byteLength);
      expect(bytes).toHaveLength(2);
      // With the picture's own 12 MB these are the 28 and 65 MB above.
      expect(bytes[0]).toBeLessThan(17e6);
      expect(bytes[1]).toBeLessThan(54e6);
    });
  });

  it.each([
    [Infinity, 101, 67],
    [101 * 67, 101, 67],
    [101 * 67 - 1, 51, 34],
    [51 * 34 - 1, 26, 17],
    [26 * 17 - 1, 13, 9],
    [1, 13, 9],
  ])('reduceAbove %i: %i × %i', async (reduceAbove, width, height) => {
    const picture = await decodeImage(await small().jpeg().toBuffer(), { reduceAbove });
    expect(picture).toMatchObject({ width, height, sourceWidth: 101, sourceHeight: 67 });
    expect(picture.data.length).toBe(width * height * 4);
  });

  it('what follows the end marker is not looked at', async () => {
    const file = await small().jpeg().toBuffer();
    const film = Buffer.concat([file, Buffer.alloc(5000, 0xff), file]);
    expect((await decodeImage(film)).data).toEqual((await decodeImage(file)).data);
  });
});

describe('PNG', () => {
  const exact = { mean: 0, most: 0 };

  it.each([
    ['RGB', () => small().png()],
    ['interlaced', () => small().png({ progressive: true })],
    ['palette', () => small().png({ palette: true })],
    ['palette of 16', () => small().png({ palette: true, colours: 16 })],
    ['palette of 4', () => small().png({ palette: true, colours: 4 })],
    ['palette of 2', () => small().png({ palette: true, colours: 2 })],
    ['palette, interlaced', () => small().png({ palette: true, colours: 4, progressive: true })],
    ['grey', () => small().toColourspace('b-w').png()],
    ['adaptive filters', () => small().png({ adaptiveFiltering: true })],
  ])('%s as libvips decodes it', async (_, make) => {
    await expectLikeSharp(await make().toBuffer(), exact);
  });

  it.runIf(hasData).each(['face1.png', 'face2.png', 'face_rectangular.png', 'white.png'])('%s', async (name) => {
    await expectLikeSharp(readFileSync(dataPath(`faces/reference-inputs/${name}`)), exact);
  });

  it('every depth, colour type, interlace and size agrees with libvips', async () => {
    const kinds = [
      [1, 0],
      [2, 0],
      [4, 0],
      [8, 0],
      [16, 0],
      [8, 2],
      [16, 2],
      [1, 3],
      [2, 3],
      [4, 3],
      [8, 3],
      [8, 4],
      [16, 4],
      [8, 6],
      [16, 6],
    ] as const;
    const side = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 17, 23);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        side,
        side,
        fc.boolean(),
        fc.nat(),
        async ([depth, colour], width, height, interlaced, seed) => {
          const { file } = randomPng(width, height, depth, colour, interlaced, seed);
          const rgba = await decodedBySharp(file);
          const picture = await decodeImage(file);
          // libvips cuts 16 bits to 8, we round: with alpha, one step of each operand.
          expect(pixelDifference(picture.data, overWhiteOracle(rgba)).most).toBeLessThanOrEqual(
            depth < 16 ? 0 : colour & 4 ? 2 : 1,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('the one colour that tRNS names lies over white', async () => {
    const rows = Uint8Array.of(0, 10, 20, 30, 11, 20, 30);
    const file = pngFile(
      pngFrame(2, 1, 8, 2),
      pngChunk('tRNS', Uint8Array.of(0, 10, 0, 20, 0, 30)),
      pngChunk('IDAT', deflateSync(rows)),
      pngEnd,
    );
    expect([...(await decodeImage(file)).data]).toEqual([255, 255, 255, 255, 11, 20, 30, 255]);
  });

  it('a palette with alpha lies over white', async () => {
    const palette = pngChunk('PLTE', Uint8Array.of(200, 100, 0, 0, 0, 0));
    const file = pngFile(
      pngFrame(2, 1, 1, 3),
      palette,
      pngChunk('tRNS', Uint8Array.of(51)),
      pngChunk('IDAT', deflateSync(Uint8Array.of(0, 0b01000000))),
      pngEnd,
    );
    expect([...(await decodeImage(file)).data]).toEqual([244, 224, 204, 255, 0, 0, 0, 255]);
  });

  it('is reduced by averaging, interlaced or not', async () => {
    for (const progressive of [false, true]) {
      const file = await small().png({ progressive }).toBuffer();
      const whole = await decodeImage(file);
      const picture = await decodeImage(file, { reduceAbove: 500 });
      expect(picture).toMatchObject({ width: 26, height: 17, sourceWidth: 101, sourceHeight: 67 });
      for (const [x, y] of [
        [0, 0],
        [25, 16],
        [25, 3],
        [7, 16],
      ] as const)
        for (const channel of [0, 1, 2]) {
          const cells = [];
          for (let v = 4 * y; v < Math.min(4 * y + 4, 67); v++)
            for (let u = 4 * x; u < Math.min(4 * x + 4, 101); u++) cells.push(whole.data[(v * 101 + u) * 4 + channel]!);
          expect(picture.data[(y * 26 + x) * 4 + channel]).toBe(
            Math.round(cells.reduce((a, b) => a + b) / cells.length),
          );
        }
    }
  });

  it('eXIf orientation', async () => {
    const tiff = Uint8Array.of(
      0x4d,
      0x4d,
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0,
    );
    const rows = Uint8Array.of(0, 1, 2);
    const file = pngFile(pngFrame(2, 1, 8, 0), pngChunk('eXIf', tiff), pngChunk('IDAT', deflateSync(rows)), pngEnd);
    expect(await decodeImage(file)).toMatchObject({ width: 1, height: 2, sourceWidth: 1, sourceHeight: 2 });
    const mirrored = pngFile(
      pngFrame(2, 1, 8, 0),
      pngChunk('eXIf', tiff.with(19, 2)),
      pngChunk('IDAT', deflateSync(rows)),
      pngEnd,
    );
    expect([...(await decodeImage(mirrored)).data]).toEqual([2, 2, 2, 255, 1, 1, 1, 255]);
  });

  it('a damaged optional chunk is passed over', async () => {
    const file = pngFile(
      pngFrame(1, 1, 8, 0),
      pngChunk('tEXt', Uint8Array.of(1, 2), 99),
      pngChunk('IDAT', deflateSync(Uint8Array.of(0, 7))),
      pngEnd,
    );
    expect([...(await decodeImage(file)).data]).toEqual([7, 7, 7, 255]);
  });

  it('image data in many chunks', async () => {
    const stream = deflateSync(Uint8Array.of(0, 7, 8, 9));
    const pieces = Array.from(stream, (byte) => pngChunk('IDAT', Uint8Array.of(byte)));
    expect(
      [...(await decodeImage(pngFile(pngFrame(3, 1, 8, 0), ...pieces, pngEnd))).data].filter((_, i) => i % 4 === 0),
    ).toEqual([7, 8, 9]);
  });
});

describe('what sharp reads', () => {
  it.each(['webp', 'gif', 'tiff', 'avif'] as const)('%s', async (format) => {
    const picture = await expectLikeSharp(await small().toFormat(format).toBuffer(), { mean: 0, most: 0 });
    expect(picture).toMatchObject({ width: 101, height: 67, sourceWidth: 101, sourceHeight: 67 });
  });

  it('upright, over white, reduced', async () => {
    const see = sharp({ create: { width: 40, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    const file = await see.withMetadata({ orientation: 6 }).webp().toBuffer();
    const picture = await decodeImage(file, { reduceAbove: 200 });
    expect(picture).toMatchObject({ width: 10, height: 20, sourceWidth: 20, sourceHeight: 40 });
    expect(picture.data.every((v) => v === 255)).toBe(true);
  });
});

/** A PNG of random rows with random filters; 8 palette colours or fewer, some of them transparent. */
function randomPng(width: number, height: number, depth: number, colour: number, interlaced: boolean, seed: number) {
  const random = randomFrom(seed);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour]!;
  const grids = interlaced
    ? [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
      ]
    : [[0, 0, 1, 1]];
  const rows: number[] = [];
  for (const [x, y, dx, dy] of grids as [number, number, number, number][]) {
    const columns = Math.ceil((width - x) / dx);
    for (let row = y; row < height && columns > 0; row += dy) {
      rows.push(colour === 3 ? 0 : Math.floor(random() * 5));
      for (let i = 0; i < Math.ceil((columns * samples * depth) / 8); i++) rows.push(Math.floor(random() * 256));
    }
  }
  const colours = 2 ** Math.min(depth, 8);
  const palette = Uint8Array.from({ length: 3 * colours }, () => random() * 256);
  const alpha = Uint8Array.from({ length: Math.ceil(colours / 2) }, () => random() * 256);
  const extra = colour === 3 ? [pngChunk('PLTE', palette), pngChunk('tRNS', alpha)] : [];
  const file = pngFile(
    pngFrame(width, height, depth, colour, interlaced ? 1 : 0),
    ...extra,
    pngChunk('IDAT', deflateSync(Uint8Array.from(rows))),
    pngEnd,
  );
  return { file };
}
