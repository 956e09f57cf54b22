import { beforeAll, describe, expect, it } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import type { StoredTensor } from '../../src/core/stored-tensor.ts';
import type { Parameters } from '../../src/graph/parameters.ts';
import { weightsHash } from '../../src/io/identity.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { streamWeights } from '../../src/io/streamed-weights.ts';
import { parametersFrom } from '../../src/io/tensors.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { Engine } from '../../src/runtime/engine.ts';

const floats = (values: number[]): StoredTensor => ({
  type: 'F32',
  shape: [values.length],
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});
const file = writeSafetensors(
  new Map<string, StoredTensor>([
    ['a', floats([1, -2.5, 3])],
    [
      'q',
      {
        type: 'U8',
        shape: [2, 3],
        bytes: Uint8Array.of(0, 1, 2, 253, 254, 255),
        quantization: { scale: 0.5, min: -1 },
      },
    ],
    ['odd', { type: 'U8', shape: [5], bytes: Uint8Array.of(9, 8, 7, 6, 5) }],
  ]),
);

/** An answer whose body comes in chunks of so many bytes. */
const inChunks = (bytes: Uint8Array, size: number): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    }),
  );

const stream = async (bytes: Uint8Array, size: number, engine = new Engine()): Promise<Parameters> => {
  const streamed = await streamWeights(inChunks(bytes, size), engine);
  if (streamed instanceof Uint8Array) throw new Error('it took the file for another');
  return streamed;
};

describe('streamWeights', () => {
  let hash: string;
  beforeAll(() => {
    hash = weightsHash(parametersFrom(readSafetensors(file).tensors));
  });

  it.each([1, 3, 8, 9, 64, 1000, file.length])('gives the same weights from chunks of %i bytes', async (size) => {
    expect(weightsHash(await stream(file, size))).toBe(hash);
  });

  it('keeps the bytes in wasm memory, in the form of the file, also when memory has grown', async () => {
    const engine = new Engine();
    const parameters = await stream(file, 100, engine);
    expect(engine.regions.usedBytes).toBe(64);
    engine.regions.allocate(10 * 2 ** 20);
    const { bytes } = parameters.get('q').stored!;
    expect(bytes.buffer).toBe(engine.memory.wasm.buffer);
    expect([...bytes]).toEqual([0, 1, 2, 253, 254, 255]);
    expect(weightsHash(parameters)).toBe(hash);
  });

  it('gives other files back as they are', async () => {
    const bytes = new TextEncoder().encode('[{"paths": []}]');
    expect(await streamWeights(inChunks(bytes, 4), new Engine())).toEqual(bytes);
    expect(await streamWeights(inChunks(bytes.subarray(0, 3), 4), new Engine())).toEqual(bytes.subarray(0, 3));
  });

  const damaged = writeSafetensors(new Map([['a', floats([1, 2, 3])]]));
  new DataView(damaged.buffer).setFloat32(damaged.length - 4, Number.NaN, true);
  it.each([
    ['is truncated', file.subarray(0, file.length - 1), 'the file is truncated'],
    ['ends in its header', file.subarray(0, 40), 'JSON'],
    ['is too long', Uint8Array.from([...file, 0]), 'more follow the header'],
    ['holds a NaN', damaged, '"a"'],
  ])('refuses a file that %s, and keeps nothing of it', async (_, bytes, message) => {
    const engine = new Engine();
    const refused = streamWeights(inChunks(bytes, 10), engine);
    await expect(refused).rejects.toThrow(WeightsError);
    await expect(refused).rejects.toThrow(message);
    expect(engine.regions.usedBytes).toBe(0);
  });

  it('says what is wrong with the answer', async () => {
    const engine = new Engine();
    await expect(streamWeights(new Response('', { status: 404 }), engine)).rejects.toThrow('status 404');
    await expect(streamWeights(new Response(null), engine)).rejects.toThrow('it has no body');
    const read = new Response('x');
    await read.text();
    await expect(streamWeights(read, engine)).rejects.toThrow('its body was read before');
    const broken = new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(file.slice(0, file.length - 5));
        },
        pull(controller) {
          controller.error(new TypeError('terminated'));
        },
      }),
    );
    await expect(streamWeights(broken, engine)).rejects.toThrow(InputError);
    expect(engine.regions.usedBytes).toBe(0);
  });
});

describe('loadParameters with an engine', () => {
  it('streams a safetensors file into its memory', async () => {
    const engine = new Engine();
    const parameters = await loadParameters(inChunks(file, 50), { engine });
    expect(parameters.get('odd').stored!.bytes.buffer).toBe(engine.memory.wasm.buffer);
  });

  it('reads other files as ever', async () => {
    await expect(loadParameters(new Response('<!doctype html>'), { engine: new Engine() })).rejects.toThrow(
      '<!doctype html>',
    );
  });
});
