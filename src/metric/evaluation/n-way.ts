import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import { FewShotClassifier, type FewShotOptions } from '../decision/few-shot.ts';
import { type FewShotResult, resultOf } from './few-shot-result.ts';
import { checkedEmbeddings, checkLabels, type Label, membersOf } from './labelled.ts';
import { checkConfidence } from './normal.ts';

export interface NWayOptions extends Omit<FewShotOptions, 'threshold'> {
  /** Classes of an episode. */
  readonly ways: number;
  /** Examples of each class that are shown. Default: 1. */
  readonly shots?: number;
  /** Others of each class that are asked about. Default: 1. */
  readonly queries?: number;
  /** Default: 1000. */
  readonly episodes?: number;
  /** Equal seeds give equal episodes, on every engine. Default: 1. */
  readonly seed?: number;
  /** Default: 0.95. */
  readonly confidence?: number;
  /**
   * The classes of an episode are of one group: for letters, their alphabet. Groups of fewer than `ways` classes are left
   * out; the others are as likely as each other. Default: all classes are one group.
   */
  readonly groupOf?: (label: Label) => Label;
}

/**
 * N-way k-shot accuracy of an encoder by its embeddings: in each episode N classes, k examples of each, and others of
 * these classes to be told apart by the examples alone.
 *
 * @throws InputError where embeddings are not finite vectors of one dimension with a label each, an option is none, or too
 * few classes have shots + queries embeddings, naming how many do.
 */
export function nWayKShot(
  embeddings: readonly ArrayLike<number>[],
  labels: readonly Label[],
  options: NWayOptions,
): FewShotResult {
  const { ways, shots = 1, queries = 1, episodes = 1000, seed = 1, confidence = 0.95, groupOf = () => 0 } = options;
  const checked = checkedEmbeddings('nWayKShot', embeddings);
  checkLabels('nWayKShot', checked.length, labels);
  checkConfidence('nWayKShot', confidence);
  for (const [name, value, least] of [
    ['ways', ways, 2],
    ['shots', shots, 1],
    ['queries', queries, 1],
    ['episodes', episodes, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new InputError(`nWayKShot: ${name} must be a whole number of at least ${least}, got ${value}`);
  if (!Number.isSafeInteger(seed)) throw new InputError(`nWayKShot: seed must be a whole number, got ${seed}`);

  const usable = [...membersOf(labels)].filter(([, members]) => members.length >= shots + queries);
  const groups = [...membersOf(usable.map(([label]) => groupOf(label))).values()].filter(
    (group) => group.length >= ways,
  );
  if (groups.length === 0)
    throw new InputError(
      `nWayKShot: ${ways} ways of ${shots} + ${queries} embeddings need ${ways} classes${options.groupOf ? ' of one group' : ''} with ${shots + queries}, got ${usable.length} of ${new Set(labels).size} classes that have so many`,
    );
  const counts = Array.from({ length: episodes }, (_, episode) => {
    const rng = new Rng(seed, episode);
    const classes = drawn(groups[rng.below(groups.length)]!, ways, rng).map((place) => usable[place]!);
    const members = classes.map(([, list]) => drawn(list, shots + queries, rng));
    const support = members.flatMap((list, way) =>
      list.slice(0, shots).map((i) => ({ embedding: checked[i]!, label: way })),
    );
    const classifier = new FewShotClassifier(support, options);
    return members.reduce(
      (correct, list, way) =>
        correct + list.slice(shots).filter((i) => classifier.classify(checked[i]!).label === way).length,
      0,
    );
  });
  return resultOf(
    counts,
    counts.map(() => ways * queries),
    confidence,
  );
}

/** So many of the items, without replacement, in random order. */
function drawn<T>(items: readonly T[], count: number, rng: Rng): T[] {
  const rest = [...items];
  for (let i = 0; i < count; i++) {
    const j = i + rng.below(rest.length - i);
    [rest[i], rest[j]] = [rest[j]!, rest[i]!];
  }
  return rest.slice(0, count);
}
