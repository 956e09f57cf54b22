import { equalErrorRate, euclidean, oneShotIdentification } from 'facsimile/metric';

/** One-shot accuracy with each photo in turn as the one that its person is known by, and the equal error rate of all pairs. */
export function measure(people) {
  const all = people.flatMap(({ name, embeddings }) => embeddings.map((embedding) => ({ name, embedding })));
  const { accuracy } = oneShotIdentification(
    all.map(({ embedding }) => embedding),
    all.map(({ name }) => name),
  );
  const pairs = all.flatMap((a, i) =>
    all.slice(0, i).map((b) => ({ same: a.name === b.name, distance: euclidean(a.embedding, b.embedding) })),
  );
  return { oneShot: accuracy, equalErrorRate: equalErrorRate(pairs) };
}
