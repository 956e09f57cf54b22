import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import type { StoredTensor } from '../../src/core/stored-tensor.ts';
import { openRanges } from '../../src/io/open-ranges.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { readHeader, smallerFile } from '../../src/io/safetensors-parts.ts';
import { loadTensors } from '../../src/io/some-tensors.ts';
import type { WeightsSource } from '../../src/io/weights.ts';
import { rangeServer, served } from '../support/range-server.ts';

const floats = (length: number, first: number): StoredTensor => ({
  type: 'F32',
  shape: [length],
  bytes: new Uint8Array(Float32Array.from({ length }, (_, i) => first + i).buffer),
});
const quantized: StoredTensor = {
  type: 'U8',
  shape: [3],
  bytes: Uint8Array.of(0, 1, 4),
  quantization: { scale: 0.5, min: -1 },
};
const file = writeSafetensors(
  new Map([
    ['a', floats(3, 1)],
    ['b', floats(40_000, 100)],
    ['c', floats(2, 7)],
    ['q', quantized],
  ]),
);
const few = (names: readonly string[]): string[] => names.filter((name) => name !== 'b');
const expected = { a: [1, 2, 3], c: [7, 8], q: [-1, -0.5, 1] };

const folder = mkdtempSync(join(tmpdir(), 'tensors-'));
const at = (name: string): string => join(folder, name);
writeFileSync(at('model.safetensors'), file);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function valuesOf(source: WeightsSource, choose = few): Promise<Record<string, number[]>> {
  const parameters = await loadTensors(source, choose, { attempts: 2, pause: 1 });
  return Object.fromEntries(parameters.names.sort().map((name) => [name, [...parameters.read(name)]]));
}

describe('loadTensors', () => {
  it('reads some tensors of bytes, a Blob, a Response, a path, a folder and a server', async () => {
    const server = await rangeServer({ file: served(file) });
    const sources = [
      file,
      new Blob([file as BlobPart]),
      new Response(file as BodyInit),
      at('model.safetensors'),
      folder,
      new URL(`file://${at('model.safetensors')}`),
      `${server.url}file`,
    ];
    for (const source of sources) expect(await valuesOf(source)).toEqual(expected);
    // Only the tensor in the middle, which is none of them, is as long as all the others and the first request together.
    expect(server.sent).toBeLessThan(80_000);
    await server.close();
    expect(await valuesOf(file, () => [])).toEqual({});
  });

  it.each<[string, WeightsSource]>([
    ['weights: cannot read /no/such/file: ENOENT', '/no/such/file'],
    [
      'safetensors: the header has 2000 bytes, but only 8 follow: the file is truncated',
      Uint8Array.of(208, 7, 0, 0, 0, 0, 0, 0, 123, 125, 0, 0, 0, 0, 0, 0),
    ],
    ['weights: the file is neither a safetensors file nor a tfjs manifest', new Uint8Array(20)],
    ['weights: the file is neither a safetensors file nor a tfjs manifest', new Uint8Array(0)],
    ['weights: the file is not JSON', new TextEncoder().encode('{ "weightsManifest":')],
    [
      'a manifest needs its files',
      new TextEncoder().encode('[{"paths":["x"],"weights":[{"name":"a","shape":[1],"dtype":"float32"}]}]'),
    ],
    ['only 160020 are there: the file is truncated', file.subarray(0, -3)],
  ])('says: %s', async (message, source) => {
    const error = await loadTensors(source, (names) => names).catch((reason) => reason);
    expect(error).toBeInstanceOf(WeightsError);
    expect(error.message).toContain(message);
  });

  it('says so where a folder holds several files of weights', async () => {
    writeFileSync(at('other.safetensors'), file);
    await expect(valuesOf(folder)).rejects.toThrow('got model.safetensors, other.safetensors');
    rmSync(at('other.safetensors'));
  });
});

describe('smallerFile', () => {
  it('is a safetensors file of some tensors, in front of stretches of the large one', async () => {
    const plain = writeSafetensors(
      new Map([
        ['a', floats(3, 1)],
        ['b', floats(40, 100)],
        ['c', floats(2, 7)],
      ]),
    );
    const header = await readHeader(await openRanges(plain));
    const { front, runs } = smallerFile(
      header,
      header.entries.filter(({ name }) => name !== 'b'),
    );
    expect(runs.length).toBe(2);
    const small = new Uint8Array([...front, ...runs.flatMap(({ start, end }) => [...plain.subarray(start, end)])]);
    const { tensors } = readSafetensors(small);
    expect([...tensors.keys()]).toEqual(['a', 'c']);
    expect(tensors.get('c')!.bytes).toEqual(floats(2, 7).bytes);
  });

  it('refuses a file whose quantisation would be lost', async () => {
    const header = await readHeader(await openRanges(file));
    expect(() => smallerFile(header, header.entries)).toThrow('a file of quantised tensors cannot be made smaller');
  });
});
