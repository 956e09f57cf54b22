import { InputError } from '../core/errors.ts';
import type { ByteRanges, Sink } from './byte-ranges.ts';
import { joined } from './joined.ts';
import { Dropped, type RangeBody, requestRange } from './range-request.ts';

export interface HttpOptions {
  readonly signal?: AbortSignal;
  /** How often in a row a connection may fail without a new byte. Default: 5. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; each further one waits twice as long. Default: 250. */
  readonly pause?: number;
  /** Milliseconds without a byte after which a connection counts as dropped. Default: 30,000. */
  readonly patience?: number;
}

/** What the first request asks for: headers of weight files are shorter. */
const FIRST = 65_536;

/** Opens a file on a server. @throws InputError where it is not there, or no connection comes about. */
export async function openHttp(url: URL, options: HttpOptions): Promise<ByteRanges> {
  const file = new HttpRanges(url, options);
  await file.open();
  return file;
}

/**
 * A file on a server, by range requests. A dropped connection is taken up again where it broke. A server that does not
 * know ranges sends the file from its start: what is not wanted is passed over, and nothing is read behind what is.
 */
class HttpRanges implements ByteRanges {
  readonly name: string;
  size: number | undefined;
  version: string | undefined;
  readonly #url: URL;
  readonly #options: Required<Omit<HttpOptions, 'signal'>> & Pick<HttpOptions, 'signal'>;
  /** An answer that goes on behind what was read. */
  #body: RangeBody | undefined;
  /** The first bytes, as far as they were read: who looks at what a file is reads them again. */
  #start = new Uint8Array(0);

  constructor(url: URL, options: HttpOptions) {
    this.#url = url;
    this.name = url.href;
    this.#options = { attempts: 5, pause: 250, patience: 30_000, ...options };
  }

  open(): Promise<void> {
    return this.#persist(
      async () => this.#request(0, FIRST),
      () => 0,
    );
  }

  async stream(start: number, end: number, sink: Sink): Promise<void> {
    let at = start;
    const pass = async (piece: Uint8Array): Promise<void> => {
      await sink(piece);
      at += piece.length;
    };
    const take = async (): Promise<void> => {
      if (at < Math.min(end, this.#start.length)) await pass(this.#start.subarray(at, end));
      while (at < end) await pass(await this.#next(at, end));
    };
    await this.#persist(take, () => at);
  }

  async close(): Promise<void> {
    const body = this.#body;
    this.#body = undefined;
    await body?.close();
  }

  /** Tries again where a connection fails, as long as some bytes come. */
  async #persist(work: () => Promise<void>, progress: () => number): Promise<void> {
    const { attempts, pause, signal } = this.#options;
    for (let failures = 0; ; ) {
      const before = progress();
      try {
        return await work();
      } catch (error) {
        await this.close();
        signal?.throwIfAborted();
        if (!(error instanceof Dropped)) throw error;
        failures = progress() > before ? 1 : failures + 1;
        if (failures >= attempts)
          throw new InputError(`cannot read ${this.name}: ${error.message} (tried ${failures} times)`, {
            cause: error,
          });
        await new Promise((resolve) => setTimeout(resolve, pause * 2 ** (failures - 1)));
      }
    }
  }

  /** The next bytes from `at` on: of the answer that is open, if it comes to them. */
  async #next(at: number, end: number): Promise<Uint8Array> {
    if (!this.#body?.reaches(at)) {
      await this.close();
      await this.#request(at, end);
    }
    const body = this.#body!;
    for (;;) {
      const from = body.at;
      const piece = await body.next(from < at ? at : end);
      if (from === this.#start.length && from < FIRST) this.#start = joined(this.#start, piece);
      if (from >= at) return piece;
    }
  }

  async #request(start: number, end: number): Promise<void> {
    const body = await requestRange(this.#url, start, end, this.#options);
    for (const [what, known, now] of [
      ['size', this.size, body.size],
      ['version', this.version, body.version],
    ] as const)
      if (known !== undefined && now !== undefined && known !== now) {
        await body.close();
        throw new InputError(`${this.name} changed while it was read: its ${what} was ${known}, now it is ${now}`);
      }
    this.size ??= body.size;
    this.version ??= body.version;
    this.#body = body;
  }
}
