import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { euclidean } from '../../../src/metric/distance.ts';
import { lfwProtocol } from '../../../src/metric/evaluation/lfw.ts';
import { foldsOf, parsePairs } from '../../../src/metric/evaluation/lfw-pairs.ts';
import type { ScoredPair } from '../../../src/metric/evaluation/scored-pairs.ts';
import { dataPath, hasData } from '../../data.ts';
import * as oracle from '../../oracle/verification.ts';

describe('lfwProtocol', () => {
  it('judges each fold at the threshold of the other, by hand', () => {
    const fold0 = [
      { distance: 1, same: true },
      { distance: 2, same: true },
      { distance: 4, same: false },
      { distance: 5, same: false },
    ];
    const fold1 = [
      { distance: 2, same: true },
      { distance: 6, same: true },
      { distance: 3, same: false },
      { distance: 8, same: false },
    ];
    const result = lfwProtocol([...fold0, ...fold1], [0, 0, 0, 0, 1, 1, 1, 1]);
    // Fold 0 at fold 1's 2.5 (smaller than the equally good 7): all right. Fold 1 at fold 0's 3: 3 is accepted, 6 is not.
    expect(result.folds).toEqual([
      { pairs: 4, tau: 2.5, accuracy: 1 },
      { pairs: 4, tau: 3, accuracy: 0.5 },
    ]);
    expect(result.accuracy).toBe(0.75);
    expect(result.tau).toBe(2.75);
    // √((0.25² + 0.25²) / 1) / √2
    expect(result.standardError).toBeCloseTo(0.25, 12);
    expect(result.accuracyAt06).toBe(0.5);
  });

  it('chooses no threshold with the fold that it judges: a slow loop finds the same', () => {
    const pair = fc.record({
      distance: fc.integer({ min: 0, max: 12 }).map((n) => n / 4),
      same: fc.boolean(),
      fold: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(pair, { minLength: 8, maxLength: 30 }), (entries) => {
        const folds = entries.map(({ fold }) => fold);
        const names = [...new Set(folds)];
        const without = (name: number) => entries.filter(({ fold }) => fold !== name);
        fc.pre(names.length > 1 && names.every((name) => new Set(without(name).map(({ same }) => same)).size === 2));
        const result = lfwProtocol(entries, folds);
        result.folds.forEach((fold, i) => {
          const name = [...names].sort()[i]!;
          const right = (pairs: readonly ScoredPair[]) =>
            pairs.filter(({ distance, same }) => distance <= fold.tau === same).length;
          const held = entries.filter((entry) => entry.fold === name);
          expect(right(without(name))).toBe(oracle.mostRight(without(name)));
          expect(fold).toMatchObject({ pairs: held.length, accuracy: right(held) / held.length });
        });
        const mean = result.folds.reduce((sum, { accuracy }) => sum + accuracy, 0) / names.length;
        expect(result.accuracy).toBeCloseTo(mean, 12);
        expect(result.auc).toBeCloseTo(oracle.auc(entries), 12);
      }),
    );
  });

  it('refuses fewer than two folds, folds that do not match, and one kind of pair', () => {
    const pairs = [
      { distance: 1, same: true },
      { distance: 2, same: false },
    ];
    expect(() => lfwProtocol(pairs, [0, 0])).toThrow(/at least two folds, got 1/);
    expect(() => lfwProtocol(pairs, [0])).toThrow(/the fold of each of 2 pairs, got 1/);
    expect(() => lfwProtocol(pairs, [0, 1])).toThrow(InputError);
    expect(() => lfwProtocol([], [])).toThrow(InputError);
  });

  it.skipIf(!hasData)("finds in face-api's own descriptors of LFW folds 1 and 2 what was measured on them", () => {
    const peer = JSON.parse(readFileSync(dataPath('refs/faceapi_peer_lfw150_folds01_02_tiny224.json'), 'utf8'));
    const files = ['01', '02'].map((n) =>
      parsePairs(readFileSync(dataPath(`faces/lfw150/pairs_fold${n}.txt`), 'utf8'), n),
    );
    const pairs = files.flat().map(({ a, b, same }) => ({ same, distance: euclidean(peer[a].d, peer[b].d) }));
    const result = lfwProtocol(pairs, foldsOf(files));
    expect(result.accuracyAt06).toBeCloseTo(0.985, 3);
    expect(result.auc).toBeCloseTo(0.99918, 4);
    expect(result.eer).toBeCloseTo(0.015, 3);
    expect(result.tarAtFar1).toBeCloseTo(0.9817, 3);
    expect(result.folds.map((fold) => fold.pairs)).toEqual([600, 600]);
    expect(result.accuracy).toBeGreaterThan(0.98);
    expect(Math.abs(result.tau - 0.63)).toBeLessThan(0.03);
  });
});
