import { InputError } from '../../core/errors.ts';
import { FewShotClassifier, type FewShotOptions } from '../decision/few-shot.ts';
import { type FewShotResult, resultOf } from './few-shot-result.ts';
import { checkedEmbeddings, checkLabels, type Label, membersOf } from './labelled.ts';
import { checkConfidence } from './normal.ts';

export interface OneShotOptions extends Omit<FewShotOptions, 'rule' | 'threshold'> {
  /** Default: 0.95. */
  readonly confidence?: number;
}

/** A query that was taken for another class: positions among the embeddings. */
export interface OneShotError {
  readonly query: number;
  /** The example that was nearest, of another class. */
  readonly nearest: number;
  readonly distance: number;
  /** The example of the query's own class, and how far it was. */
  readonly own: number;
  readonly ownDistance: number;
}

export interface OneShotResult extends FewShotResult {
  readonly errors: readonly OneShotError[];
}

/**
 * One-shot identification with every embedding in turn as the one example that its class is known by: in round r the r-th
 * of each class (counting round where a class has fewer) is enrolled, and all others are to be identified. An episode is a
 * round.
 *
 * @throws InputError where embeddings are not finite vectors of one dimension with a label each, there are fewer than two
 * classes, or a class has one embedding only.
 */
export function oneShotIdentification(
  embeddings: readonly ArrayLike<number>[],
  labels: readonly Label[],
  { distance = 'euclidean', confidence = 0.95 }: OneShotOptions = {},
): OneShotResult {
  const checked = checkedEmbeddings('oneShotIdentification', embeddings);
  checkLabels('oneShotIdentification', checked.length, labels);
  checkConfidence('oneShotIdentification', confidence);
  const classes = membersOf(labels);
  for (const [label, members] of classes)
    if (members.length < 2)
      throw new InputError(
        `oneShotIdentification: class ${JSON.stringify(label)} has one embedding, expected at least 2`,
      );

  const errors: OneShotError[] = [];
  const rounds = Math.max(...[...classes.values()].map(({ length }) => length));
  const correct = Array.from({ length: rounds }, (_, round) => {
    const enrolled = new Map([...classes].map(([label, members]) => [label, members[round % members.length]!]));
    const classifier = new FewShotClassifier(
      [...enrolled].map(([label, i]) => ({ embedding: checked[i]!, label })),
      { distance },
    );
    let right = 0;
    labels.forEach((label, query) => {
      const own = enrolled.get(label)!;
      if (query === own) return;
      const { label: answer, distance: nearest, ranking } = classifier.classify(checked[query]!);
      if (answer === label) right++;
      else {
        const ownDistance = ranking.find((entry) => entry.label === label)!.distance;
        errors.push({ query, nearest: enrolled.get(answer!)!, distance: nearest, own, ownDistance });
      }
    });
    return right;
  });
  const trials = correct.map(() => labels.length - classes.size);
  return { ...resultOf(correct, trials, confidence), errors };
}
