import { createRequire } from 'node:module';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';

export const peers = ['usearch'];

const { exactSearch } = createRequire(import.meta.url)('usearch');
const DIMENSION = 128;
const NEIGHBOURS = 10;
const THREADS = 1;

/** Vectors, queries, and how they are stored. */
const CASES = [
  { name: '1 × 10k', size: 10_000, queries: 1 },
  { name: '1 × 100k', size: 100_000, queries: 1 },
  { name: '64 × 100k', size: 100_000, queries: 64 },
  { name: '1 × 1M', size: 1_000_000, queries: 1 },
  { name: '1 × 1M int8', size: 1_000_000, queries: 1, storage: 'int8' },
];

/** Exact search for the ten nearest of 128 numbers, against native code on one thread. */
export async function* run() {
  const { VectorIndex } = await library('./metric');
  const { createEngine } = await library('./graph');
  for (const { name, size, queries, storage } of CASES) {
    const engine = await createEngine();
    const index = new VectorIndex(DIMENSION, { storage, engine });
    const data = randomFloats(size * DIMENSION, 1);
    const asked = randomFloats(queries * DIMENSION, 2);
    for (let i = 0; i < size; i++) index.add(data.subarray(i * DIMENSION, (i + 1) * DIMENSION));
    const list = Array.from({ length: queries }, (_, i) => asked.subarray(i * DIMENSION, (i + 1) * DIMENSION));
    const ours = () => (queries === 1 ? [index.nearest(list[0], NEIGHBOURS)] : index.nearest(list, NEIGHBOURS));
    const coded = storage === 'int8';
    const [theirData, theirQueries] = coded ? [codes(data), codes(asked)] : [data, asked];
    const theirs = () => exactSearch(theirData, theirQueries, DIMENSION, NEIGHBOURS, 'l2sq', THREADS);
    if (!coded) assertFound(name, ours(), theirs().keys);
    const times = await interleave({ ours, theirs }, { seconds: 4 });
    const note = coded ? 'ours: exact in float32; usearch: exact among int8 codes' : 'exact on both sides';
    yield { case: name, ours: times.ours, peer: 'usearch', theirs: times.theirs, note };
    index.close();
  }
}

/** Floats in −1 … 1 as whole numbers of one byte. */
function codes(values) {
  const coded = new Int8Array(values.length);
  for (let i = 0; i < values.length; i++) coded[i] = Math.round(values[i] * 127);
  return coded;
}

function assertFound(what, ours, keys) {
  for (const [i, found] of ours.entries())
    for (const [j, { id }] of found.entries()) {
      const theirs = Number(keys[i * NEIGHBOURS + j]);
      if (id !== theirs) throw new Error(`${what}: neighbour ${j} of query ${i} is ${id}, usearch says ${theirs}`);
    }
}
