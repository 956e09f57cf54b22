import { euclidean } from '../metric/distance.ts';
import { VectorIndex } from '../metric/search/search.ts';
import type { Engine } from '../runtime/engine.ts';
import { EMBEDDING_SIZE } from './embedding.ts';
import type { Embedding } from './face.ts';

/**
 * How the examples of a person make one distance: the nearest of them, the mean of their distances, or the distance to
 * their mean.
 */
export type Policy = 'min' | 'mean' | 'centroid';

export const policies: readonly Policy[] = ['min', 'mean', 'centroid'];

/** A person and how far a face is from them. */
export interface Candidate {
  readonly id: string;
  /** Euclidean, 0 and up. */
  readonly distance: number;
}

interface Person {
  readonly id: string;
  /** Ids of their examples in the index. */
  readonly rows: number[];
}

/** Enrolled people in the order of their first example, which is the order of the list and of equal distances. */
export class People {
  readonly #engine: Engine;
  readonly #examples: VectorIndex;
  #people: Person[] = [];
  /** Places in `#people`: by id, and of each row of `#examples`, in its order. */
  #places = new Map<string, number>();
  #owners: number[] = [];
  /** The mean of each person's examples, made when it is first asked for after a change. */
  #centroids: VectorIndex | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#examples = indexFor(this, engine);
  }

  get size(): number {
    return this.#people.length;
  }

  /** @throws OutOfMemoryError, after which nobody was added. */
  add(id: string, embedding: Embedding): void {
    const row = this.#examples.add(embedding);
    const place = this.#places.get(id) ?? this.#people.push({ id, rows: [] }) - 1;
    this.#places.set(id, place);
    this.#people[place]!.rows.push(row);
    this.#owners.push(place);
    this.#changed();
  }

  /** True where there was someone to remove. */
  remove(id: string): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    const [person] = this.#people.splice(place, 1);
    for (const row of person!.rows) this.#examples.remove(row);
    this.#places = new Map(this.#people.map(({ id }, at) => [id, at]));
    const owners = new Map(this.#people.flatMap(({ rows }, at) => rows.map((row) => [row, at] as const)));
    this.#owners = this.#examples.ids.map((row) => owners.get(row)!);
    this.#changed();
    return true;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  /** Everyone with how many examples they have, in order. */
  list(): { id: string; examples: number }[] {
    return this.#people.map(({ id, rows }) => ({ id, examples: rows.length }));
  }

  /** Copies of a person's examples, in the order they came; none where nobody has that id. */
  examples(id: string): Embedding[] {
    const place = this.#places.get(id);
    return place === undefined ? [] : this.#people[place]!.rows.map((row) => this.#examples.get(row)!);
  }

  /** How far an embedding is from one person, who must be there. */
  distance(id: string, embedding: Embedding, policy: Policy): number {
    const examples = this.examples(id);
    if (policy === 'centroid') return euclidean(meanOf(examples), embedding);
    const distances = examples.map((example) => euclidean(example, embedding));
    return policy === 'min' ? Math.min(...distances) : sumOf(distances) / distances.length;
  }

  /** The nearest people, one line each, nearest first; of equal distances the earlier enrolled. */
  rank(embedding: Embedding, policy: Policy, count: number): Candidate[] {
    const distances = this.#distances(embedding, policy);
    const best: Candidate[] = [];
    for (const [place, distance] of distances.entries()) {
      if (best.length === count && !(distance < best[count - 1]!.distance)) continue;
      const after = best.findIndex((other) => distance < other.distance);
      best.splice(after < 0 ? best.length : after, 0, { id: this.#people[place]!.id, distance });
      if (best.length > count) best.pop();
    }
    return best;
  }

  /** The distance to each person, in order. */
  #distances(embedding: Embedding, policy: Policy): Float64Array {
    if (policy === 'centroid') return (this.#centroids ??= this.#makeCentroids()).distances(embedding);
    const rows = this.#examples.distances(embedding);
    const people = new Float64Array(this.size).fill(policy === 'min' ? Number.POSITIVE_INFINITY : 0);
    for (const [row, place] of this.#owners.entries())
      people[place] = policy === 'min' ? Math.min(people[place]!, rows[row]!) : people[place]! + rows[row]!;
    return policy === 'min' ? people : people.map((sum, place) => sum / this.#people[place]!.rows.length);
  }

  #makeCentroids(): VectorIndex {
    const index = indexFor(this, this.#engine);
    for (const { id } of this.#people) index.add(meanOf(this.examples(id)));
    return index;
  }

  #changed(): void {
    this.#centroids?.close();
    this.#centroids = undefined;
  }
}

/** Gives the memory of dropped galleries back; hosts without finalizers give it back with the engine. */
const dropped =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<VectorIndex>((index) => index.close());

function indexFor(owner: People, engine: Engine): VectorIndex {
  const index = new VectorIndex(EMBEDDING_SIZE, { storage: 'f32', engine });
  dropped?.register(owner, index);
  return index;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0);

/** Mean of embeddings, summed in float64 and rounded once. */
function meanOf(examples: readonly Embedding[]): Embedding {
  const mean = new Float32Array(EMBEDDING_SIZE);
  for (let i = 0; i < EMBEDDING_SIZE; i++) mean[i] = sumOf(examples.map((example) => example[i]!)) / examples.length;
  return mean;
}
