import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { type ByteRanges, readRange } from '../../src/io/byte-ranges.ts';
import type { HttpOptions } from '../../src/io/http-ranges.ts';
import { openRanges } from '../../src/io/open-ranges.ts';
import { type RangeServer, rangeServer, type ServerOptions, served } from '../support/range-server.ts';

const SIZE = 300_001;
const bytes = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) & 255);
const quick: HttpOptions = { attempts: 3, pause: 1, patience: 10_000 };

let server: RangeServer | undefined;
afterEach(() => server?.close());

async function open(options: ServerOptions = {}, http: HttpOptions = {}) {
  server = await rangeServer({ file: served(bytes) }, options);
  return openRanges(`${server.url}file`, { ...quick, ...http });
}

/** Whether a range of the file is what the file holds there; `toEqual` takes seconds for so many numbers. */
const isRight = async (file: ByteRanges, start: number, end: number): Promise<boolean> =>
  Buffer.compare(await readRange(file, start, end), bytes.subarray(start, end)) === 0;

/** A piece at the start, one that the first request covers in part, one far behind. */
const pieces = [
  [0, 10],
  [10, 4000],
  [60_000, 70_000],
  [299_000, SIZE],
] as const;

describe('a file on a server', () => {
  it('is read by the ranges that are wanted', async () => {
    const file = await open();
    expect(file.size).toBe(SIZE);
    for (const [start, end] of pieces) expect(await isRight(file, start, end)).toBe(true);
    expect(server!.requests).toEqual(['file bytes=0-65535', 'file bytes=65536-69999', 'file bytes=299000-300000']);
    await file.close();
  });

  it('is read from its start where the server does not know ranges, once, and not to its end', async () => {
    const file = await open({ ranges: false });
    expect(file.size).toBe(SIZE);
    for (const [start, end] of pieces.slice(0, 3)) expect(await isRight(file, start, end)).toBe(true);
    expect(server!.requests.length).toBe(1);
    expect(await isRight(file, 5, 9)).toBe(true);
    expect(await isRight(file, 200_000, 210_000)).toBe(true);
    expect(server!.requests.length).toBe(1);
    expect(await isRight(file, 150_000, 150_010)).toBe(true);
    expect(server!.requests.length).toBe(2);
    await file.close();
  });

  it.each([true, false])('is read on where the connection was dropped (ranges: %s)', async (ranges) => {
    const file = await open({ ranges, fault: (index) => ({ drop: ranges ? 20_000 : 90_000 * (index + 1) }) });
    expect(await isRight(file, 1000, SIZE)).toBe(true);
    expect(server!.requests.length).toBeGreaterThan(2);
    await file.close();
  });

  it('waits for a server that is busy, and gives up in the end', async () => {
    const file = await open({ fault: (index) => (index < 2 ? { status: 503 } : undefined) });
    expect(await isRight(file, 3, 5)).toBe(true);
    await file.close();
    await server!.close();
    await expect(open({ fault: () => ({ status: 503 }) })).rejects.toThrow(/status 503 .*\(tried 3 times\)/);
    expect(server!.requests.length).toBe(3);
  });

  it('takes a connection without a byte for dropped', async () => {
    const file = await open({ fault: (index) => (index === 0 ? { stall: 2000 } : undefined) }, { patience: 500 });
    expect(await isRight(file, 0, 9)).toBe(true);
    expect(server!.requests.length).toBe(2);
    await file.close();
  });

  it('is read where a page may not see which bytes come', async () => {
    const file = await open({ fault: () => ({ silent: true }) });
    expect(file.size).toBeUndefined();
    expect(await isRight(file, 60_000, 70_000)).toBe(true);
    await expect(readRange(file, 299_000, SIZE + 1)).rejects.toThrow('status 416');
    await file.close();
  });

  it.each<[string, ServerOptions]>([
    ['status 404', { fault: () => ({ status: 404 }) }],
    ['sent bytes from 5, asked for bytes 0–65535', { fault: () => ({ shift: 5 }) }],
    ['its size was 300001, now it is 300008', { fault: (index) => (index > 0 ? { more: 7 } : undefined) }],
    ['its version was "a", now it is "b"', { fault: (index) => ({ tag: index > 0 ? '"b"' : '"a"' }) }],
    ['(tried 3 times)', { fault: (index) => (index > 0 ? { drop: 0 } : undefined) }],
  ])('is refused: %s', async (message, options) => {
    const read = async () => readRange(await open(options), 0, 100_000);
    const error = await read().catch((reason) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(message);
    expect(error.message).toContain(server!.url);
  });

  it('is refused before it is asked for where it is too short', async () => {
    await expect(readRange(await open(), 0, 1e12)).rejects.toThrow('has 300001 bytes, but bytes up to 1000000000000');
    expect(server!.requests.length).toBe(1);
  });

  it('says so where nobody answers', async () => {
    await (await open()).close();
    await server!.close();
    await expect(openRanges(`${server!.url}file`, quick)).rejects.toThrow(/ECONNREFUSED.*tried 3 times/);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const file = await open({ fault: (index) => (index > 0 ? { stall: 300 } : undefined) }, { signal: stop.signal });
    const reading = readRange(file, 0, SIZE);
    setTimeout(() => stop.abort(new Error('enough')), 30);
    await expect(reading).rejects.toThrow('enough');
  });
});
