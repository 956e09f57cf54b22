import { InputError } from '../core/errors.ts';

/** Takes bytes as they come; they are its own only until it returns. */
export type Sink = (bytes: Uint8Array) => void | Promise<void>;

/** A file of which parts can be read without the rest. */
export interface ByteRanges {
  /** What errors call it. */
  readonly name: string;
  /** Its bytes; undefined where a server does not say. */
  readonly size: number | undefined;
  /** What a server says to tell versions of the file apart, where it says something. */
  readonly version?: string | undefined;
  /**
   * Gives the bytes from `start` up to `end`, which is not among them, piece by piece.
   * @throws InputError where they cannot be read, or the file ends before.
   */
  stream(start: number, end: number, sink: Sink): Promise<void>;
  close(): Promise<void>;
}

/** Some bytes of a file in one array. @throws InputError where they cannot be read, or the file ends before. */
export async function readRange(file: ByteRanges, start: number, end: number): Promise<Uint8Array> {
  checkEnd(file, end);
  const bytes = new Uint8Array(end - start);
  let at = 0;
  await file.stream(start, end, (piece) => {
    bytes.set(piece, at);
    at += piece.length;
  });
  return bytes;
}

/** Before memory is asked for: @throws InputError where a file ends before `end`. */
export function checkEnd({ name, size }: Pick<ByteRanges, 'name' | 'size'>, end: number): void {
  if (size !== undefined && end > size)
    throw new InputError(`${name} has ${size} bytes, but bytes up to ${end} are wanted: truncated?`);
}
