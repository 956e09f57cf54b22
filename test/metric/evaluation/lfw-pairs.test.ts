import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { foldsOf, type Pair, parsePairs } from '../../../src/metric/evaluation/lfw-pairs.ts';
import { dataPath, hasData } from '../../data.ts';

const block = ['Ada 1 2', 'Ada 1 3', 'Ada 1 Bob 1', 'Ada 2 Bob 1'];

describe('parsePairs', () => {
  it('reads pairs of one person and of two, apart by tabs or spaces', () => {
    expect(parsePairs('\ufeffAda_L\t1\t12\r\n\r\nAda_L  2 Bob   1034 \n', 'x')).toEqual([
      { a: 'Ada_L/Ada_L_0001.jpg', b: 'Ada_L/Ada_L_0012.jpg', same: true },
      { a: 'Ada_L/Ada_L_0002.jpg', b: 'Bob/Bob_1034.jpg', same: false },
    ]);
  });

  it('reads names with spaces between tabs, and one person named twice', () => {
    expect(parsePairs('Ada L\t1\t2', 'x')[0]!.a).toBe('Ada L/Ada L_0001.jpg');
    expect(parsePairs('Ada 1 Ada 2', 'x')[0]!.same).toBe(true);
  });

  it('reads the counts of a first line', () => {
    const folds = (text: string[]) => parsePairs(text.join('\n'), 'x').map(({ fold }) => fold);
    expect(folds(['2\t2', ...block, ...block])).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(folds(['2', ...block])).toEqual([undefined, undefined, undefined, undefined]);
    expect(folds(['4', ...block])).toHaveLength(4);
    expect(folds(['1 2', ...block])[3]).toBeUndefined();
  });

  it.each([
    ['Ada 1', 'x, line 1: expected "NAME I J" or "NAME I OTHER J" with numbers of photos, got "Ada 1"'],
    ['Ada 1 2\n\nAda one 2', 'x, line 3:'],
    ['Ada 0 2', 'x, line 1:'],
    ['Ada 1 2\nAda 1 Bob 2 3', 'x, line 2:'],
    ['Ada 1 2\n3', 'x, line 2:'],
    ['Ada 4 4', 'x, line 1: both photos are Ada/Ada_0004.jpg'],
    ['', 'x: expected pairs of photos, found none'],
    ['10 300', 'x: expected pairs of photos, found none'],
    [['2 2', ...block].join('\n'), 'x: its first line announces 8 pairs, 4 follow'],
    [['3', ...block].join('\n'), 'x: its first line announces 6 or 3 pairs, 4 follow'],
  ])('refuses %j', (text, message) => {
    expect(() => parsePairs(text, 'x')).toThrow(InputError);
    expect(() => parsePairs(text, 'x')).toThrow(message);
  });

  it.skipIf(!hasData)('reads folds 1 and 2 of LFW', () => {
    const files = ['01', '02'].map((n) =>
      parsePairs(readFileSync(dataPath(`faces/lfw150/pairs_fold${n}.txt`), 'utf8'), n),
    );
    for (const pairs of files) {
      expect(pairs).toHaveLength(600);
      expect(pairs.filter(({ same }) => same)).toHaveLength(300);
    }
    expect(files[0]![0]).toEqual({
      a: 'Abel_Pacheco/Abel_Pacheco_0001.jpg',
      b: 'Abel_Pacheco/Abel_Pacheco_0004.jpg',
      same: true,
    });
  });
});

describe('foldsOf', () => {
  const pair = (same: boolean, fold?: number): Pair => ({ a: 'a', b: 'b', same, ...(fold !== undefined && { fold }) });

  it('takes each of several files as a fold', () => {
    expect(foldsOf([[pair(true), pair(false)], [pair(true)]])).toEqual([0, 0, 1]);
  });

  it('keeps the folds that a file names, and those of several files apart', () => {
    const file = [pair(true, 0), pair(false, 1)];
    expect(foldsOf([file])).toEqual([0, 1]);
    expect(foldsOf([file, file])).toEqual([0, 1, 2, 3]);
  });

  it('deals a single file out to parts with as many pairs of each kind', () => {
    const pairs = Array.from({ length: 605 }, (_, i) => pair(i % 3 !== 0));
    const folds = foldsOf([pairs]);
    for (const same of [true, false]) {
      const counts = Array.from(
        { length: 10 },
        (_, fold) => pairs.filter((p, i) => p.same === same && folds[i] === fold).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });
});
