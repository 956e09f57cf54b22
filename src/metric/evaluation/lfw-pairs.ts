import { InputError } from '../../core/errors.ts';

/** Two photos, each by its path below the folder of images, and whether they show one person. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
  /** Which part of the data it belongs to, from 0, where the file says so. */
  readonly fold?: number;
}

/** LFW's names: NAME/NAME_0001.jpg. */
const photoOf = (name: string, number: string): string => `${name}/${name}_${number.padStart(4, '0')}.jpg`;

const isNumber = (text: string | undefined): boolean => /^[1-9]\d*$/.test(text ?? '');

/**
 * Pairs in LFW's format: `NAME I J` for two photos of one person, `NAME I OTHER J` for photos of two people, one pair a
 * line, columns apart by tabs or spaces.
 *
 * The first line may count: `N` says that N pairs follow, or N of one person and N of two (pairsDevTest.txt); `F N` that F
 * folds follow, each N pairs of one person and N of two (pairs.txt). A count is held against what follows.
 *
 * @throws InputError naming the file and the line that cannot be read.
 */
export function parsePairs(text: string, file: string): Pair[] {
  const pairs: Pair[] = [];
  let counted: { folds: number; pairs: readonly number[] } | undefined;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (const [i, line] of lines.entries()) {
    const words = (line.includes('\t') ? line.split('\t') : line.trim().split(/\s+/)).map((word) => word.trim());
    if (words.every((word) => word === '')) continue;
    if (pairs.length === 0 && !counted && words.length <= 2 && words.every(isNumber)) {
      const [first, second] = words.map(Number) as [number, number?];
      counted =
        second === undefined ? { folds: 1, pairs: [2 * first, first] } : { folds: first, pairs: [2 * first * second] };
      continue;
    }
    const pair = pairOf(words);
    if (!pair)
      throw new InputError(
        `${file}, line ${i + 1}: expected "NAME I J" or "NAME I OTHER J" with numbers of photos, got "${line.trim()}"`,
      );
    if (pair.a === pair.b) throw new InputError(`${file}, line ${i + 1}: both photos are ${pair.a}`);
    const fold =
      counted && counted.folds > 1 ? Math.floor((pairs.length * counted.folds) / counted.pairs[0]!) : undefined;
    pairs.push(fold === undefined ? pair : { ...pair, fold });
  }
  if (pairs.length === 0) throw new InputError(`${file}: expected pairs of photos, found none`);
  if (counted && !counted.pairs.includes(pairs.length))
    throw new InputError(
      `${file}: its first line announces ${counted.pairs.join(' or ')} pairs, ${pairs.length} follow`,
    );
  return pairs;
}

function pairOf(words: readonly string[]): Pair | undefined {
  const [a, first, b, second] = words as [string, string, string, string];
  if (words.length === 3 && isNumber(first) && isNumber(b))
    return { a: photoOf(a, first), b: photoOf(a, b), same: true };
  if (words.length === 4 && isNumber(first) && isNumber(second))
    return { a: photoOf(a, first), b: photoOf(b, second), same: a === b };
  return undefined;
}

/**
 * The fold of each pair, file after file: as the files say; else one fold a file; else, for a single file, `parts` folds,
 * each kind of pair dealt out to them in turn, so that every fold holds as many of each as can be.
 */
export function foldsOf(files: readonly (readonly Pair[])[], parts = 10): number[] {
  if (files.length === 1 && files[0]!.every(({ fold }) => fold === undefined)) {
    let [same, different] = [0, 0];
    return files[0]!.map((pair) => (pair.same ? same++ : different++) % parts);
  }
  const folds: number[] = [];
  let start = 0;
  for (const pairs of files) {
    for (const { fold = 0 } of pairs) folds.push(start + fold);
    start += pairs.reduce((most, { fold = 0 }) => Math.max(most, fold), 0) + 1;
  }
  return folds;
}
