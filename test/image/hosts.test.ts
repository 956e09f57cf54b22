import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, expect, it, vi } from 'vitest';
import { faceApiPath } from '../data.ts';

const jpeg = Uint8Array.from(await sharp(faceApiPath('demo/sample1.jpg')).resize(33, 21).jpeg().toBuffer());
const codec = new WebAssembly.Module(readFileSync(new URL('../../build/wasm/jpeg.wasm', import.meta.url)));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock('../../src/core/host.ts');
  vi.resetModules();
});

/** The package as it is before anything of it ran. */
const fresh = () => import('../../src/image/index.ts');

it('where WebAssembly is not compiled at run time, the JPEG codec can be given', async () => {
  const { decodeImage, encodeJpeg, provideJpegCodec } = await fresh();
  const expected = await decodeImage(jpeg);
  vi.resetModules();
  const edge = await fresh();
  vi.stubGlobal('WebAssembly', {
    ...Object.fromEntries(Object.getOwnPropertyNames(WebAssembly).map((name) => [name, WebAssembly[name as 'Module']])),
    Module: class {
      constructor() {
        throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder');
      }
    },
  });
  await expect(edge.decodeImage(jpeg)).rejects.toThrow(
    /wasm: this host does not compile WebAssembly at run time: import/,
  );
  await expect(edge.decodeImage(jpeg)).rejects.toHaveProperty('name', 'UnsupportedError');
  edge.provideJpegCodec(codec);
  expect((await edge.decodeImage(jpeg)).data).toEqual(expected.data);
  provideJpegCodec(codec);
  expect(await encodeJpeg(expected)).toEqual(await edge.encodeJpeg(expected));
});

it('without sharp, other formats are named and the way out is told', async () => {
  vi.doMock('../../src/core/host.ts', async (original) => ({
    ...(await original<object>()),
    importOptional: () => Promise.reject(new Error("Cannot find package 'sharp'")),
  }));
  const { decodeImage } = await fresh();
  const webp = await sharp(jpeg).webp().toBuffer();
  const error = await decodeImage(webp).catch((reason: unknown) => reason);
  expect(error).toHaveProperty('name', 'ImageError');
  expect(error).toHaveProperty(
    'message',
    expect.stringMatching(/expected JPEG or PNG, got a WebP picture: install the optional package sharp/),
  );
  expect(error).toHaveProperty('cause.message', "Cannot find package 'sharp'");
  expect((await decodeImage(jpeg)).width).toBe(33);
});
