import type { Engine } from '../../runtime/engine.ts';
import type { Chunk } from './chunk.ts';

/** Codes that the kernel takes at a time. */
const CODE_GROUP = 32;
/** Bytes of the terms of a coded row: scale and norm. */
export const TERM_BYTES = 8;
const LARGEST_INT32 = 2 ** 31 - 1;
const INT8_LEVELS = 127;
const INT16_LEVELS = 32767;

/** The most codes of a row: beyond it, sums of products with a query would leave the query too few levels. */
export const MOST_CODES = 65536;

/** Codes of a row of `dimension` numbers. */
export const codesOf = (dimension: number): number => Math.ceil(dimension / CODE_GROUP) * CODE_GROUP;

/** What a search reads: floats of a row, padded, and its bytes; codes beside it, 0 where there are none. */
export interface Layout {
  readonly length: number;
  readonly rowBytes: number;
  readonly codes: number;
}

/** Bytes of a query's codes and terms. */
export const codeQueryBytes = (codes: number): number => (codes > 0 ? codes * 2 + TERM_BYTES : 0);

/** Codes a row that was just written into columns 1 and 2 of its chunk. */
export function codeRow({ kernels }: Engine, chunk: Chunk, row: number, { length, codes }: Layout): void {
  const lost = kernels.i8_quantize(chunk.address(row, 1), chunk.address(row, 2), chunk.address(row), length, codes);
  chunk.lost = Math.max(chunk.lost, lost);
}

/** Codes a query, as finely as sums of its products with int8 fit into int32. */
export function codeQuery(
  { kernels, memory }: Engine,
  coded: number,
  query: number,
  { length, codes }: Layout,
): { scale: number; norm: number; lost: number } {
  const levels = Math.min(INT16_LEVELS, Math.floor(LARGEST_INT32 / (INT8_LEVELS * codes)));
  const terms = coded + codes * 2;
  const lost = kernels.i16_quantize(coded, terms, query, length, codes, levels);
  const [scale, norm] = memory.f32(terms, 2);
  return { scale: scale!, norm: norm!, lost };
}
