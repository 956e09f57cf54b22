import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import { type Label, membersOf } from './labelled.ts';

/** Two examples by their positions, and whether they are of one class. */
export interface LabelledPair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
}

export interface LabelledPairsOptions {
  /** The most pairs of one class; where there are more, so many of them are drawn. Default: 10 000. */
  readonly most?: number;
  /** Pairs of two classes for each of one. Default: 1. */
  readonly different?: number;
  /** Equal seeds give equal pairs, on every engine. Default: 1. */
  readonly seed?: number;
}

/**
 * Pairs of labelled examples, to calibrate on or to train a head with: all pairs of one class, and as many of two as is
 * said, drawn with every example as likely, none twice as long as there are enough.
 *
 * @throws InputError where there are fewer than two classes, no class has two examples, or an option is none.
 */
export function labelledPairs(labels: readonly Label[], options: LabelledPairsOptions = {}): LabelledPair[] {
  const { most = 10_000, different = 1, seed = 1 } = options;
  for (const [name, value] of [
    ['most', most],
    ['different', different],
  ] as const)
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`labelledPairs: ${name} must be a whole number of at least 1, got ${value}`);
  const classes = [...membersOf(labels).values()];
  if (classes.length < 2) throw new InputError(`labelledPairs: expected at least two classes, got ${classes.length}`);
  const rng = new Rng(seed);
  const same = classes.flatMap((members) =>
    members.flatMap((b, i) => members.slice(0, i).map((a): LabelledPair => ({ a, b, same: true }))),
  );
  if (same.length === 0)
    throw new InputError('labelledPairs: expected a class of at least two examples, every class has one');
  const kept = same.length > most ? rng.shuffle(same).slice(0, most) : same;

  const pairs = (labels.length * (labels.length - 1)) / 2;
  const wanted = Math.min(kept.length * different, pairs - same.length);
  return [
    ...kept,
    ...(wanted > (pairs - same.length) / 2 ? chosenOfAll(labels, wanted, rng) : drawn(labels, wanted, rng)),
  ];
}

/** So many of all pairs of two classes. */
function chosenOfAll(labels: readonly Label[], count: number, rng: Rng): LabelledPair[] {
  const all = labels.flatMap((label, b) =>
    labels.slice(0, b).flatMap((other, a): LabelledPair[] => (label === other ? [] : [{ a, b, same: false }])),
  );
  return rng.shuffle(all).slice(0, count);
}

/** So few that drawing rarely meets one again. */
function drawn(labels: readonly Label[], count: number, rng: Rng): LabelledPair[] {
  const pairs = new Map<number, LabelledPair>();
  while (pairs.size < count) {
    const [first, second] = [rng.below(labels.length), rng.below(labels.length)];
    if (labels[first] === labels[second]) continue;
    const [a, b] = first < second ? [first, second] : [second, first];
    pairs.set(a * labels.length + b, { a, b, same: false });
  }
  return [...pairs.values()];
}
