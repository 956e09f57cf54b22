import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file of a server: its bytes, made as they are asked for. */
export interface ServedFile {
  readonly size: number;
  read(start: number, end: number): Uint8Array;
}

export const served = (bytes: Uint8Array): ServedFile => ({
  size: bytes.length,
  read: (start, end) => bytes.subarray(start, end),
});

/** What a server does wrong in one answer. */
interface Fault {
  /** Answers with this status and nothing else. */
  readonly status?: number;
  /** Ends the connection after so many bytes of the body. */
  readonly drop?: number;
  /** Sends nothing for so many milliseconds. */
  readonly stall?: number;
  /** Moves what it says and sends by so many bytes. */
  readonly shift?: number;
  /** Says that the file has so many bytes more than it has. */
  readonly more?: number;
  /** Does not say which bytes it sends. */
  readonly silent?: boolean;
  readonly tag?: string;
}

export interface ServerOptions {
  /** False: it sends whole files only. */
  readonly ranges?: boolean;
  /** Default: one that is free. */
  readonly port?: number;
  /** The fault of the n-th answer, from 0. */
  readonly fault?: (index: number, path: string) => Fault | undefined;
}

export interface RangeServer {
  readonly url: string;
  /** What was asked for: path and range. */
  readonly requests: string[];
  /** Bytes of bodies that were sent. */
  sent: number;
  close(): Promise<void>;
}

const PIECE = 65_536;

/** When more may be written, or never will be. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });

/** Serves files on 127.0.0.1 as web servers do, by ranges, with faults where wanted. */
export async function rangeServer(
  files: Readonly<Record<string, ServedFile>>,
  { ranges = true, port = 0, fault }: ServerOptions = {},
): Promise<RangeServer> {
  const state = { requests: [] as string[], sent: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url!.slice(1);
    const wrong = fault?.(state.requests.length, path) ?? {};
    state.requests.push(`${path} ${request.headers.range ?? 'whole'}`);
    const file = files[path];
    if (wrong.status ?? !file) {
      response.writeHead(wrong.status ?? 404).end();
      return;
    }
    if (wrong.stall) await new Promise((resolve) => setTimeout(resolve, wrong.stall));
    const { size } = file!;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const partial = ranges && from !== undefined;
    const start = (partial ? Number(from) : 0) + (wrong.shift ?? 0);
    const end = partial ? Math.min(size, Number(to) + 1) : size;
    if (start >= end) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(partial ? 206 : 200, {
      'content-length': end - start,
      ...(wrong.tag !== undefined && { etag: wrong.tag }),
      ...(partial && !wrong.silent && { 'content-range': `bytes ${start}-${end - 1}/${size + (wrong.more ?? 0)}` }),
    });
    const last = Math.min(end, start + (wrong.drop ?? Number.POSITIVE_INFINITY));
    for (let at = start; at < last && !response.destroyed; at += PIECE) {
      const piece = file!.read(at, Math.min(last, at + PIECE));
      state.sent += piece.length;
      if (!response.write(piece)) await drained(response);
    }
    // What was written must leave before the connection is cut.
    if (last < end) setTimeout(() => response.destroy(), 20);
    else response.end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
