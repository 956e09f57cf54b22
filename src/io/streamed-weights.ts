import { WeightsError } from '../core/errors.ts';
import type { StoredTensor } from '../core/stored-tensor.ts';
import type { Parameters } from '../graph/parameters.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { Body } from './body.ts';
import { joined } from './joined.ts';
import { tensorsOf } from './safetensors.ts';
import { headerEnd, LENGTH_BYTES, looksLikeSafetensors, parseHeader } from './safetensors-header.ts';
import { parametersFrom } from './tensors.ts';

/** Frees what weights took that nobody reads any more; hosts without finalizers free it with the engine. */
const dropped =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<{ engine: Engine; region: Region }>(({ engine, region }) => engine.regions.free(region));

/** The tensors' bytes of a file, in wasm memory. Every view is made at the moment of use: growth detaches older ones. */
class HeldBytes {
  readonly #engine: Engine;
  readonly #region: Region;

  constructor(engine: Engine, bytes: number) {
    this.#engine = engine;
    this.#region = engine.regions.allocate(bytes);
    dropped?.register(this, { engine, region: this.#region }, this);
  }

  view(start: number, end: number): Uint8Array {
    return this.#engine.memory.u8(this.#region.address + start, end - start);
  }

  free(): void {
    dropped?.unregister(this);
    this.#engine.regions.free(this.#region);
  }
}

/**
 * Weights from an answer of the network. The tensors of a safetensors file are written into the engine's memory as they
 * arrive and stay there in the form that they have in the file: JavaScript's heap never holds more than a chunk of them.
 * Any other file is given back as its bytes.
 *
 * @throws WeightsError where the file is malformed, longer or shorter than its header says, or holds NaN or an infinity;
 * InputError where it cannot be read; OutOfMemoryError. Nothing stays in memory then.
 */
export async function streamWeights(response: Response, engine: Engine): Promise<Parameters | Uint8Array> {
  const body = new Body(response);
  const start = await body.take(LENGTH_BYTES + 2);
  if (!looksLikeSafetensors(start)) return joined(start, await body.rest());
  const end = headerEnd(start, Number.POSITIVE_INFINITY);
  const header = parseHeader(joined(start, await body.take(end - start.length)), Number.POSITIVE_INFINITY);
  const bytes = Math.max(0, ...header.entries.map((entry) => entry.end));
  const held = new HeldBytes(engine, bytes);
  try {
    await fill(held, bytes, body);
    const places = new Map(header.entries.map((entry) => [entry.name, entry]));
    const { tensors } = tensorsOf(header, header.entries, (entry) => held.view(entry.start, entry.end));
    const inMemory = Array.from(tensors, ([name, tensor]): [string, StoredTensor] => {
      const place = places.get(name)!;
      return [name, Object.defineProperty(tensor, 'bytes', { get: () => held.view(place.start, place.end) })];
    });
    return parametersFrom(new Map(inMemory));
  } catch (error) {
    held.free();
    await body.cancel();
    throw error;
  }
}

async function fill(held: HeldBytes, bytes: number, body: Body): Promise<void> {
  let at = 0;
  for (let chunk: Uint8Array | undefined; (chunk = await body.next()); at += chunk.length) {
    if (at + chunk.length > bytes)
      throw new WeightsError(`safetensors: the tensors fill ${bytes} bytes, but more follow the header`);
    held.view(at, at + chunk.length).set(chunk);
  }
  if (at < bytes)
    throw new WeightsError(`safetensors: the tensors fill ${bytes} bytes, but only ${at} came: the file is truncated`);
}
