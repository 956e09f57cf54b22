import { InputError } from '../core/errors.ts';
import { joined } from './joined.ts';

/** The body of an answer as it arrives: some bytes first, then whatever comes, chunk by chunk. */
export class Body {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #about: string;
  /** What has arrived and nobody has taken. */
  #ahead: Uint8Array | undefined;

  /** @throws InputError where the answer is no success, has no body, or one that was read before */
  constructor(response: Response) {
    this.#about = response.url || 'the response';
    if (!response.ok)
      throw new InputError(`cannot read ${this.#about}: status ${response.status} ${response.statusText}`.trim());
    if (response.bodyUsed) throw new InputError(`cannot read ${this.#about}: its body was read before`);
    if (!response.body) throw new InputError(`cannot read ${this.#about}: it has no body`);
    this.#reader = response.body.getReader();
  }

  /** The next chunk, undefined behind the last. @throws InputError where the connection breaks */
  async next(): Promise<Uint8Array | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead) return ahead;
    try {
      return (await this.#reader.read()).value;
    } catch (error) {
      throw new InputError(`cannot read ${this.#about}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** So many bytes, fewer where the body ends before. */
  async take(bytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = bytes;
    for (let chunk: Uint8Array | undefined; missing > 0 && (chunk = await this.next()); ) {
      parts.push(chunk.subarray(0, missing));
      if (chunk.length > missing) this.#ahead = chunk.subarray(missing);
      missing -= Math.min(missing, chunk.length);
    }
    return joined(...parts);
  }

  /** All that is left. */
  async rest(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let chunk: Uint8Array | undefined; (chunk = await this.next()); ) parts.push(chunk);
    return joined(...parts);
  }

  /** Tells the sender that nothing more is wanted. */
  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}
