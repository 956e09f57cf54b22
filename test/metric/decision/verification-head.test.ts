import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { readSafetensors, writeSafetensors } from '../../../src/io/safetensors.ts';
import { parametersFrom, storedTensors } from '../../../src/io/tensors.ts';
import { FewShotClassifier } from '../../../src/metric/decision/few-shot.ts';
import { type EmbeddedPair, trainVerificationHead } from '../../../src/metric/decision/train-verification-head.ts';
import { type HeadFeature, VerificationHead } from '../../../src/metric/decision/verification-head.ts';
import { euclidean } from '../../../src/metric/distance.ts';
import { auc } from '../../../src/metric/evaluation/roc.ts';
import { randomFrom } from '../../support/random.ts';

const head = new VerificationHead('absolute', [-2, 0.5], 1);

describe('VerificationHead', () => {
  it('is σ(Σ w·|a − b| + bias)', () => {
    expect(head.logit([1, 2], [0.5, 4])).toBe(-2 * 0.5 + 0.5 * 2 + 1);
    expect(head.probability([1, 2], [0.5, 4])).toBeCloseTo(1 / (1 + Math.exp(-1)), 15);
    expect(head.distance([1, 2], [0.5, 4])).toBeCloseTo(1 - 1 / (1 + Math.exp(-1)), 15);
  });

  it('or of χ², 0 where the sum is not positive', () => {
    const chi = new VerificationHead('chi-square', [-1, -1, -1, -1], 0);
    expect(chi.logit([1, 0, -1, -2], [3, 0, 1, 1])).toBe(-(4 / 4));
  });

  it('is the same either way round', () => {
    for (const feature of ['absolute', 'chi-square'] as const) {
      const one = new VerificationHead(feature, [-1.5, 0.25], 0.5);
      expect(one.logit([0.2, 3], [0.7, 0.1])).toBe(one.logit([0.7, 0.1], [0.2, 3]));
    }
  });

  it('comes back from the tensors it was saved as', () => {
    for (const feature of ['absolute', 'chi-square'] as const) {
      const one = new VerificationHead(feature, [0.1, -3], 0.7);
      const file = writeSafetensors(storedTensors(one.parameters()));
      const again = VerificationHead.from(parametersFrom(readSafetensors(file).tensors));
      expect(again).toEqual(one);
      expect(again.logit([1, 2], [2, 4])).toBe(one.logit([1, 2], [2, 4]));
    }
  });

  it('is a distance for few-shot classification', () => {
    const support = [
      { label: 'a', embedding: [0, 0] },
      { label: 'b', embedding: [0.4, 9] },
    ];
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      new VerificationHead('absolute', [-5, 0], 1).distance(a, b);
    expect(new FewShotClassifier(support, { distance }).classify([0.5, 0]).label).toBe('b');
    expect(new FewShotClassifier(support).classify([0.5, 0]).label).toBe('a');
  });

  it('refuses what does not fit', () => {
    expect(() => head.logit([1], [2])).toThrow(/2 numbers, got 1/);
    expect(() => head.logit([1, Number.NaN], [2, 3])).toThrow(InputError);
    expect(() => new VerificationHead('product' as 'absolute', [1], 0)).toThrow(/got "product"/);
    expect(() => new VerificationHead('absolute', [1], Number.NaN)).toThrow(/bias/);
    expect(() => VerificationHead.from(parametersOf({ w: { shape: [1], values: [1] } }))).toThrow(/hold no head/);
  });
});

/** Twelve coordinates: the first three say what class it is, the others vary three times as much for no reason. */
function pairsOf(count: number, seed: number, shift = 0): EmbeddedPair[] {
  const random = randomFrom(seed);
  const centres = Array.from({ length: 40 }, () => Array.from({ length: 3 }, () => random() * 4 + shift));
  const one = (c: number) => [
    ...centres[c]!.map((value) => value + 0.4 * random()),
    ...Array.from({ length: 9 }, () => random() * 3 + shift),
  ];
  return Array.from({ length: count }, (_, i) => {
    const [a, other] = [Math.floor(random() * 40), Math.floor(random() * 39)];
    const same = i % 2 === 0;
    return { a: one(a), b: one(same ? a : other >= a ? other + 1 : other), same };
  });
}
const area = (pairs: readonly EmbeddedPair[], distance: (a: ArrayLike<number>, b: ArrayLike<number>) => number) =>
  auc(pairs.map(({ a, b, same }) => ({ distance: distance(a, b), same })));

describe('trainVerificationHead', () => {
  const pairs = pairsOf(600, 1);
  const others = pairsOf(400, 2);

  it.each(['absolute', 'chi-square'] as const)('on %s learns which coordinates count', (feature: HeadFeature) => {
    const losses: number[] = [];
    const trained = trainVerificationHead(pairs, { feature, epochs: 60, onStep: ({ loss }) => losses.push(loss) });
    expect(losses[0]).toBeCloseTo(Math.LN2, 5);
    expect(losses.at(-1)).toBeLessThan(0.35);
    expect(losses).toHaveLength(60 * 2);
    expect(Math.max(...trained.weights.subarray(0, 3))).toBeLessThan(Math.min(...trained.weights.subarray(3)));
    const [before, after] = [area(others, euclidean), area(others, (a, b) => trained.distance(a, b))];
    expect(before).toBeLessThan(0.93);
    expect(after).toBeGreaterThan(0.97);
  });

  it('comes to where the gradient of its loss vanishes, without decay', () => {
    const noisy = pairs.map((pair, i) => (i % 7 === 0 ? { ...pair, same: !pair.same } : pair));
    const trained = trainVerificationHead(noisy, { epochs: 1500, batch: 600, weightDecay: 0, learningRate: 0.1 });
    const gradient = new Float64Array(13);
    for (const { a, b, same } of noisy) {
      const off = trained.probability(a, b) - (same ? 1 : 0);
      for (let k = 0; k < 12; k++) gradient[k]! += (off * Math.abs(Math.fround(a[k]!) - Math.fround(b[k]!))) / 600;
      gradient[12]! += off / 600;
    }
    for (const value of gradient) expect(Math.abs(value)).toBeLessThan(2e-4);
  });

  it('has the same bits again, and others for another seed', () => {
    const options = { epochs: 5 };
    expect(trainVerificationHead(pairs, options)).toEqual(trainVerificationHead(pairs, options));
    expect(trainVerificationHead(pairs, { ...options, seed: 2 })).not.toEqual(trainVerificationHead(pairs, options));
  });

  it('does as well for embeddings of another scale', () => {
    const tiny = (list: readonly EmbeddedPair[]) =>
      list.map(({ a, b, same }) => ({ a: Array.from(a, (v) => v / 1e3), b: Array.from(b, (v) => v / 1e3), same }));
    const trained = trainVerificationHead(tiny(pairs), { epochs: 60 });
    expect(area(tiny(others), (a, b) => trained.distance(a, b))).toBeGreaterThan(0.97);
  });

  it.each([
    ['no pairs', [], {}, /got 0 of one and 0 of two/],
    ['one kind', pairs.filter(({ same }) => same), {}, /got 300 of one and 0 of two/],
    [
      'NaN',
      [
        { a: [Number.NaN], b: [1], same: true },
        { a: [1], b: [1], same: false },
      ],
      {},
      /embedding 0: .*is NaN/,
    ],
    [
      'unequal sizes',
      [
        { a: [1, 2], b: [1], same: true },
        { a: [1], b: [1], same: false },
      ],
      {},
      /embedding 1: .*got 1/,
    ],
    [
      'pairs without a difference',
      [
        { a: [1], b: [1], same: true },
        { a: [2], b: [2], same: false },
      ],
      {},
      /is 0 in all pairs/,
    ],
    ['no epochs', pairs, { epochs: 0 }, /epochs must be/],
    ['another feature', pairs, { feature: 'product' as 'absolute' }, /got "product"/],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => trainVerificationHead(bad, options)).toThrow(InputError);
    expect(() => trainVerificationHead(bad, options)).toThrow(message);
  });
});
