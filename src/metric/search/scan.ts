import type { Engine } from '../../runtime/engine.ts';
import type { Chunk } from './chunk.ts';
import { codeQuery, codeQueryBytes, type Layout } from './codes.ts';

/** The nearest rows of one query, by position among all rows, nearest first; of equal distances the earlier. */
export type Found = readonly { readonly squared: number; readonly position: number }[];

/** Searches chunk after chunk for one query. */
export function scanOne(engine: Engine, chunks: readonly Chunk[], query: Float32Array, k: number, at: Layout): Found {
  const { kernels, memory } = engine;
  const { length, rowBytes, codes } = at;
  return engine.borrow(rowBytes + k * 8 + codeQueryBytes(codes), (address) => {
    writeRow(engine, address, rowBytes, query);
    const coded = address + rowBytes;
    const heap = coded + codeQueryBytes(codes);
    const terms = codes > 0 ? codeQuery(engine, coded, address, at) : undefined;
    let entries = 0;
    let first = 0;
    for (const chunk of chunks) {
      const count = chunk.ids.length;
      entries = terms
        ? kernels.i8_nearest(
            heap,
            entries,
            address,
            coded,
            chunk.address(0, 1),
            chunk.address(0, 2),
            chunk.address(),
            count,
            length,
            codes,
            k,
            rowBytes,
            first,
            terms.scale,
            terms.norm,
            terms.lost + chunk.lost,
          )
        : kernels.f32_nearest(heap, entries, address, chunk.address(), count, length, k, rowBytes, first);
      checkNumbers(entries);
      first += count;
    }
    return readHeap(memory.f32(heap, k), memory.i32(heap + k * 4, k), entries);
  });
}

/** Searches chunk after chunk for several queries at once. */
export function scanSeveral(
  engine: Engine,
  chunks: readonly Chunk[],
  queries: readonly Float32Array[],
  k: number,
  { length, rowBytes }: Layout,
): Found[] {
  const { kernels, memory } = engine;
  const q = queries.length;
  const padded = Math.ceil(q / 8) * 8;
  const prepared = (padded * (length + 2) + PREPARED_FLOATS) * 4;
  const queryBytes = q * length * 4;
  return engine.borrow(prepared + queryBytes + q * 4 + q * k * 8, (address) => {
    const rows = address + prepared;
    const entries = rows + queryBytes;
    const heaps = entries + q * 4;
    for (const [i, query] of queries.entries()) writeRow(engine, rows + i * length * 4, length * 4, query);
    memory.i32(entries, q).fill(0);
    kernels.f32_nearest_prepare(address, rows, q, length);
    let first = 0;
    for (const chunk of chunks) {
      const count = chunk.ids.length;
      checkNumbers(
        kernels.f32_nearest_batch(heaps, entries, rows, address, chunk.address(), q, count, length, k, rowBytes, first),
      );
      first += count;
    }
    return queries.map((_, i) => {
      const heap = heaps + i * k * 8;
      return readHeap(memory.f32(heap, k), memory.i32(heap + k * 4, k), memory.i32(entries, q)[i]!);
    });
  });
}

/** What f32_nearest_prepare asks for behind panels, norms and limits: norms of 64 rows and a tile. */
const PREPARED_FLOATS = 64 + 32;

function writeRow(engine: Engine, address: number, bytes: number, vector: Float32Array): void {
  const row = engine.memory.f32(address, bytes / 4);
  row.fill(0);
  row.set(vector);
}

function checkNumbers(status: number): void {
  if (status < 0)
    throw new Error('VectorIndex.nearest: a distance is not a number: the memory of the index was overwritten');
}

const readHeap = (distances: Float32Array, positions: Int32Array, entries: number): Found =>
  Array.from({ length: entries }, (_, i) => ({ squared: distances[i]!, position: positions[i]! })).sort(
    (a, b) => a.squared - b.squared || a.position - b.position,
  );
