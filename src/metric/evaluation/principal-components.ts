import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import { symmetricEigen } from './jacobi.ts';
import { checkedEmbeddings } from './labelled.ts';

/** The directions in which some vectors vary most. */
export interface PrincipalComponents {
  readonly mean: Float64Array;
  /** Unit vectors at right angles, by falling variance; the largest number of each is positive. */
  readonly components: readonly Float64Array[];
  /** The share of all variance that lies along each, 0 … 1. */
  readonly shares: readonly number[];
  /** Where each vector lies along the components. */
  readonly coordinates: readonly (readonly number[])[];
}

/** Directions beyond those asked for, which make the search for these converge fast. */
const SPARE = 8;
const MOST_ROUNDS = 500;

/**
 * The first principal components of some vectors, such as the two that an embedding map draws: the eigenvectors of their
 * covariance, by subspace iteration from a fixed start. The same bits on every engine.
 *
 * @param count How many, at most the dimension. Default: 2.
 * @throws InputError where vectors are not finite and of one dimension, or count is no number of components.
 */
export function principalComponents(vectors: readonly ArrayLike<number>[], count = 2): PrincipalComponents {
  const rows = checkedEmbeddings('principalComponents', vectors);
  const dimension = rows[0]!.length;
  if (!Number.isInteger(count) || count < 1 || count > dimension)
    throw new InputError(`principalComponents: count must be a whole number in 1 … ${dimension}, got ${count}`);
  const mean = new Float64Array(dimension);
  for (const row of rows) for (let i = 0; i < dimension; i++) mean[i]! += row[i]! / rows.length;
  const centred = rows.map((row) => Float64Array.from(row, (value, i) => value - mean[i]!));
  const covariance = covarianceOf(centred, dimension);
  const total = covariance.reduce((sum, row, i) => sum + row[i]!, 0);
  const { values, vectors: found } = leadingEigen(covariance, count);
  const components = found.map(pointedUp);
  return {
    mean,
    components,
    shares: values.map((value) => (total > 0 ? Math.max(0, value) / total : 0)),
    coordinates: centred.map((row) => components.map((component) => dot(row, component))),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function covarianceOf(centred: readonly Float64Array[], dimension: number): Float64Array[] {
  const covariance = Array.from({ length: dimension }, () => new Float64Array(dimension));
  for (const row of centred)
    for (let i = 0; i < dimension; i++) {
      const [value, sums] = [row[i]! / centred.length, covariance[i]!];
      for (let j = 0; j < dimension; j++) sums[j]! += value * row[j]!;
    }
  return covariance;
}

/** Largest eigenvalues and their vectors: a subspace is multiplied and made orthogonal until its own eigenvalues stand. */
function leadingEigen(matrix: readonly Float64Array[], count: number): { values: number[]; vectors: Float64Array[] } {
  const dimension = matrix.length;
  const width = Math.min(dimension, count + SPARE);
  const rng = new Rng(1);
  let basis = orthonormal(
    Array.from({ length: width }, () => Float64Array.from({ length: dimension }, () => rng.normal())),
  );
  let values: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const images = basis.map((vector) => Float64Array.from(matrix, (row) => dot(row, vector)));
    const small = symmetricEigen(basis.map((a) => Float64Array.from(images, (b) => dot(a, b))));
    const turned = small.vectors.map((mix) => combined(mix, images));
    const settled =
      values.length > 0 &&
      values.every((value, i) => i >= count || Math.abs(value - small.values[i]!) <= 1e-14 * small.values[0]!);
    values = small.values;
    if (settled)
      return {
        values: values.slice(0, count),
        vectors: small.vectors.slice(0, count).map((mix) => combined(mix, basis)),
      };
    basis = orthonormal(turned);
  }
  return { values: values.slice(0, count), vectors: basis.slice(0, count) };
}

function combined(shares: Float64Array, vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += shares[k]! * vector[i]!;
  });
  return sum;
}

/** Gram and Schmidt; in place of what lies in the span of those before comes the first axis that does not. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    let next = unitBeside(done, vector);
    for (let axis = 0; !next; axis++) next = unitBeside(done, new Float64Array(vector.length).fill(1, axis, axis + 1));
    done.push(next);
  }
  return done;
}

/** The part of a vector at right angles to others, at length 1; undefined where next to nothing is left. */
function unitBeside(others: readonly Float64Array[], vector: Float64Array): Float64Array | undefined {
  const rest = vector.slice();
  // Twice: the first pass leaves rounding errors as large as what it takes away.
  for (let pass = 0; pass < 2; pass++)
    for (const other of others) {
      const along = dot(rest, other);
      for (let i = 0; i < rest.length; i++) rest[i]! -= along * other[i]!;
    }
  const length = Math.sqrt(dot(rest, rest));
  return length > 1e-12 * Math.sqrt(dot(vector, vector)) ? rest.map((value) => value / length) : undefined;
}

/** A direction has no sign: that in which its largest number is positive. */
function pointedUp(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
