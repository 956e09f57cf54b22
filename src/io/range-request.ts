import { InputError } from '../core/errors.ts';

/** A connection that failed in a way that may pass: worth another attempt. */
export class Dropped extends Error {
  override name = 'Dropped';
}

interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly patience: number;
}

/** Statuses of servers that may answer better later: timeout, too early, too many requests, and their own failures. */
const passes = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * Asks a server for the bytes from `start` up to `end`, which is not among them. It may send the whole file instead.
 *
 * @throws Dropped where another attempt may succeed, InputError where not.
 * @see RFC 9110, section 14
 */
export async function requestRange(
  url: URL,
  start: number,
  end: number,
  { signal, patience }: RequestOptions,
): Promise<RangeBody> {
  const stall = new AbortController();
  const watch = async <T>(work: () => Promise<T>): Promise<T> => {
    const timer = setTimeout(() => stall.abort(new Error(`no byte came for ${patience / 1000} s`)), patience);
    try {
      return await work();
    } catch (error) {
      throw new Dropped(reasonOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
  const response = await watch(() =>
    fetch(url, {
      headers: { Range: `bytes=${start}-${end - 1}` },
      signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
    }),
  );
  const refuse = async (problem: Error): Promise<never> => {
    await response.body?.cancel().catch(() => {});
    throw problem;
  };
  const { status } = response;
  if (passes(status)) return refuse(new Dropped(`status ${status} ${response.statusText}`.trim()));
  if (status !== 200 && status !== 206)
    return refuse(new InputError(`cannot read ${url.href}: status ${status} ${response.statusText}`.trim()));
  const part = status === 206 ? partOf(response, start, end) : wholeOf(response);
  if (part.at > start || (status === 206 && part.at !== start))
    return refuse(
      new InputError(`${url.href}: the server sent bytes from ${part.at}, asked for bytes ${start}–${end - 1}`),
    );
  return new RangeBody(response, part, watch);
}

/** What an answer holds of the file. */
interface Part {
  /** Its first byte. */
  readonly at: number;
  /** The byte behind its last, undefined where the server does not say. */
  readonly until: number | undefined;
  /** Bytes of the file. */
  readonly size: number | undefined;
}

/** Pages do not see `Content-Range` unless the server lets them; then it is taken for what was asked. */
function partOf(response: Response, start: number, end: number): Part {
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (from === undefined) return { at: start, until: end, size: undefined };
  const size = total === '*' ? undefined : Number(total);
  return { at: Number(from), until: Math.min(end, Number(to) + 1), size };
}

function wholeOf({ headers }: Response): Part {
  const length = headers.get('content-length');
  // A compressed answer's length is not the file's.
  const size = length === null || headers.get('content-encoding') ? undefined : Number(length);
  return { at: 0, until: size, size };
}

/** Bytes of a file that come from a server, one piece after another. */
export class RangeBody {
  /** Where the next byte lies in the file. */
  at: number;
  readonly size: number | undefined;
  readonly version: string | undefined;
  readonly #until: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #watch: <T>(work: () => Promise<T>) => Promise<T>;
  #rest = new Uint8Array(0);

  constructor(response: Response, { at, until, size }: Part, watch: <T>(work: () => Promise<T>) => Promise<T>) {
    this.at = at;
    this.size = size;
    this.version = response.headers.get('etag') ?? undefined;
    this.#until = until ?? Number.POSITIVE_INFINITY;
    this.#reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    this.#watch = watch;
  }

  /** Whether it comes to a byte. */
  reaches(at: number): boolean {
    return this.at <= at && at < this.#until;
  }

  /** The next bytes, one or more, and none from `end` on. @throws Dropped where there are no more. */
  async next(end: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#watch(async () => this.#reader?.read() ?? { value: undefined, done: true });
      if (done) throw new Dropped(`the connection ended at byte ${this.at}`);
      this.#rest = value as Uint8Array<ArrayBuffer>;
    }
    const piece = this.#rest.subarray(0, Math.min(end, this.#until) - this.at);
    this.#rest = this.#rest.subarray(piece.length);
    this.at += piece.length;
    return piece;
  }

  /** Lets the connection go. */
  async close(): Promise<void> {
    await this.#reader?.cancel().catch(() => {});
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const inner = cause as { code?: string; message?: string } | undefined;
  const detail = inner?.code ?? inner?.message;
  return detail === undefined ? message : `${message} (${detail})`;
}
