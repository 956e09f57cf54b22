import { InputError } from '../../core/errors.ts';
import { checkedVector } from '../vector.ts';

/** What something is: the name or number of its class. */
export type Label = string | number;

/** Embeddings as float32, checked, all of one dimension. @throws InputError naming the first that is not. */
export function checkedEmbeddings(who: string, embeddings: readonly ArrayLike<number>[]): Float32Array[] {
  if (embeddings.length === 0) throw new InputError(`${who}: expected embeddings, got none`);
  const { length } = embeddings[0]!;
  return embeddings.map((embedding, i) => checkedVector(`${who}: embedding ${i}`, embedding, length));
}

/** Which embeddings bear each label, in the order in which labels first occur. */
export function membersOf(labels: readonly Label[]): Map<Label, number[]> {
  const members = new Map<Label, number[]>();
  labels.forEach((label, i) => {
    const list = members.get(label);
    if (list) list.push(i);
    else members.set(label, [i]);
  });
  return members;
}

/** @throws InputError unless there is a label for each embedding and at least two labels. */
export function checkLabels(who: string, embeddings: number, labels: readonly Label[]): void {
  if (labels.length !== embeddings)
    throw new InputError(`${who}: expected a label for each of ${embeddings} embeddings, got ${labels.length}`);
  const classes = new Set(labels).size;
  if (classes < 2) throw new InputError(`${who}: expected at least two classes, got ${classes}`);
}

/** A vector of length 1 in the same direction. @throws InputError where it is all zeros: it has no direction. */
export function unitVector(who: string, vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) throw new InputError(`${who}: a vector of zeros has no direction`);
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}
