import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ImageError } from '../../src/core/errors.ts';
import { type ImageSource, readImage } from '../../src/image/read.ts';
import { faceApiPath } from '../data.ts';
import { overWhiteOracle } from '../support/pixels.ts';

const folder = mkdtempSync(join(tmpdir(), 'facsimile-read-'));
const path = join(folder, 'photo one.jpg');
const bytes = Uint8Array.from(
  await sharp(faceApiPath('demo/sample1.jpg')).resize(33, 21, { fit: 'fill' }).jpeg().toBuffer(),
);
writeFileSync(path, bytes);
const expected = await readImage(bytes);

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('files', () => {
  it.each<[string, ImageSource]>([
    ['a path', path],
    ['a file: URL', pathToFileURL(path)],
    ['a file: URL as text', pathToFileURL(path).href],
    ['a Blob', new Blob([bytes])],
    ['a File', new File([bytes], 'photo.jpg')],
    ['a Buffer', readFileSync(path)],
    ['a Uint8Array', bytes],
    ['a view into a larger buffer', Uint8Array.from([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length)],
    ['an ArrayBuffer', bytes.slice().buffer],
    ['a SharedArrayBuffer', shared(bytes) as unknown as ArrayBuffer],
  ])('%s', async (_, source) => {
    const picture = await readImage(source);
    expect(picture).toMatchObject({ width: 33, height: 21, sourceWidth: 33, sourceHeight: 21 });
    expect(picture.data).toEqual(expected.data);
  });

  it('options reach the decoder', async () => {
    for (const source of [path, new Blob([bytes]), bytes]) {
      expect(await readImage(source, { reduceAbove: 500 })).toMatchObject({ width: 17, height: 11, sourceWidth: 33 });
      await expect(readImage(source, { maxPixels: 100 })).rejects.toThrow(/maxPixels/);
      await expect(readImage(source, { maxBytes: 100 })).rejects.toThrow(/maxBytes/);
    }
  });

  it('a file is not read when it is larger than allowed', async () => {
    const large = join(folder, 'large.jpg');
    writeFileSync(large, '');
    truncateSync(large, 300 * 2 ** 20);
    await expect(readImage(large)).rejects.toThrow(
      /large\.jpg: the file holds 314572800 bytes, more than the 268435456 of maxBytes/,
    );
  });

  it.each<[string, ImageSource, RegExp]>([
    ['no such file', join(folder, 'none.jpg'), /none\.jpg: there is no such file/],
    ['a file under a file', join(path, 'x.jpg'), /there is no such file/],
    ['a folder', folder, /it is not a file/],
    ['a device', '/dev/zero', /it is not a file/],
    ['an empty path', '', /there is no such file/],
    ['a path with a zero byte', 'a\0b.jpg', /null bytes/],
    ['a file that is no picture', faceApiPath('package.json'), /package\.json: .*got a text file/],
    ['a web address', 'https://example.org/a.jpg', /expected a path or a file: URL, got https:.*fetch it/],
    ['a web URL', new URL('https://example.org/a.jpg'), /fetch it and pass its blob/],
    ['a URL of another kind', new URL('ftp://example.org/a.jpg'), /must be of scheme file/i],
    ['a data: URL', `data:image/png;base64,${'A'.repeat(500)}`, /got data:image\/png;base64,A{50,60}…: fetch it/],
  ])('refuses %s', async (_, source, message) => {
    await expect(readImage(source)).rejects.toThrow(message);
    await expect(readImage(source)).rejects.toBeInstanceOf(ImageError);
  });

  it('a host without files says what to pass', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    await expect(readImage(path)).rejects.toThrow(/this host has no files to read .* from: pass bytes or a Blob/);
    const webp = await sharp(bytes).webp().toBuffer();
    await expect(readImage(webp)).rejects.toThrow(
      /expected JPEG or PNG, got a WebP picture: pass createImageBitmap of it/,
    );
  });
});

describe('pixels', () => {
  const image = { data: Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255), width: 2, height: 1 };

  it('opaque ones are taken as they are', async () => {
    const picture = await readImage(image);
    expect(picture).toEqual({ ...image, sourceWidth: 2, sourceHeight: 1 });
    expect(picture.data).toBe(image.data);
  });

  it('clamped ones too', async () => {
    const data = Uint8ClampedArray.from(image.data);
    expect((await readImage({ ...image, data })).data).toBe(data);
  });

  it('what is transparent lies over white, in a copy', async () => {
    const data = Uint8Array.from({ length: 256 * 4 }, (_, i) => (i % 4 === 3 ? i >> 2 : (i * 37) & 255));
    const before = data.slice();
    expect((await readImage({ data, width: 16, height: 16 })).data).toEqual(overWhiteOracle(data));
    expect(data).toEqual(before);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /expected RGBA pixels, .* got undefined/],
    ['null', null, /got Null/],
    ['a number', 5, /got number/],
    ['a function', () => image, /got Function/],
    ['a list', [1, 2, 3], /got Array/],
    ['floats', new Float32Array(4), /got Float32Array/],
    ['a Response', new Response('x'), /got Response/],
    ['too few bytes', { ...image, width: 3 }, /readImage: 3 × 1 pixels need 12 bytes of RGBA, got 8/],
    ['a width that is not whole', { ...image, width: 1.5 }, /whole numbers of at least 1, got 1.5 × 1/],
    ['sizes as text', { ...image, width: '2' }, /whole numbers/],
    ['a negative size', { ...image, width: -2, height: -1 }, /whole numbers/],
    [
      'numbers in a list',
      { ...image, data: [...image.data] },
      /expected RGBA in a Uint8Array or Uint8ClampedArray, got Array/,
    ],
  ])('refuses %s', async (_, source, message) => {
    await expect(readImage(source as ImageSource)).rejects.toThrow(message);
    await expect(readImage(source as ImageSource)).rejects.toBeInstanceOf(ImageError);
  });
});

describe('what a browser draws', () => {
  /** Stands for ImageBitmap and canvases: what drawImage and getImageData are given and give. */
  class Drawable {
    readonly #tag: string;
    constructor(
      tag: string,
      readonly width: number,
      readonly height: number,
    ) {
      this.#tag = tag;
    }
    get [Symbol.toStringTag]() {
      return this.#tag;
    }
  }

  function stubCanvas(getImageData: (drawn: unknown, width: number, height: number) => unknown) {
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        constructor(
          readonly width: number,
          readonly height: number,
        ) {}
        getContext() {
          let drawn: unknown;
          return {
            drawImage: (source: unknown) => (drawn = source),
            getImageData: () => getImageData(drawn, this.width, this.height),
          };
        }
      },
    );
  }

  it.each(['ImageBitmap', 'OffscreenCanvas', 'HTMLCanvasElement'])('%s is read through a canvas', async (tag) => {
    const source = new Drawable(tag, 3, 2);
    const data = new Uint8ClampedArray(24).fill(255);
    stubCanvas((drawn, width, height) => (drawn === source ? { data, width, height } : undefined));
    expect(await readImage(source as never)).toEqual({ data, width: 3, height: 2, sourceWidth: 3, sourceHeight: 2 });
  });

  it('a canvas of another origin is refused', async () => {
    stubCanvas(() => {
      throw new DOMException('The canvas has been tainted by cross-origin data.', 'SecurityError');
    });
    await expect(readImage(new Drawable('HTMLCanvasElement', 1, 1) as never)).rejects.toThrow(
      /the canvas cannot be read \(The canvas has been tainted/,
    );
  });

  it('an empty canvas is refused, and a host without canvases says so', async () => {
    stubCanvas(() => undefined);
    await expect(readImage(new Drawable('OffscreenCanvas', 0, 5) as never)).rejects.toThrow(
      /at least one pixel to draw, got 0 × 5/,
    );
    vi.unstubAllGlobals();
    await expect(readImage(new Drawable('ImageBitmap', 1, 1) as never)).rejects.toThrow(
      /no canvas to draw on: pass the RGBA pixels/,
    );
  });
});

function shared(from: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(from.length);
  new Uint8Array(buffer).set(from);
  return buffer;
}
