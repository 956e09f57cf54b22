import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { bootstrapInterval } from '../../../src/metric/evaluation/bootstrap.ts';
import { proportionInterval } from '../../../src/metric/evaluation/interval.ts';
import { auc, equalErrorRate, tarAtFar } from '../../../src/metric/evaluation/roc.ts';
import { rocIntervals } from '../../../src/metric/evaluation/roc-interval.ts';
import type { ScoredPair } from '../../../src/metric/evaluation/scored-pairs.ts';
import { randomFrom } from '../../support/random.ts';

const random = randomFrom(7);
const pairs: ScoredPair[] = Array.from({ length: 400 }, (_, i) => ({
  distance: (i % 2 === 0 ? 0.3 : 0.6) + 0.2 * (random() + random() + random() - 1.5),
  same: i % 2 === 0,
}));

describe('bootstrapInterval', () => {
  const hits = Array.from({ length: 200 }, (_, i) => i < 150);
  const share = (drawn: readonly boolean[]) => drawn.filter(Boolean).length / drawn.length;

  it('of a share is about that of the binomial distribution', () => {
    const { low, high } = bootstrapInterval(hits, share, { samples: 4000 });
    const exact = proportionInterval(150, 200, { method: 'wilson' });
    expect(Math.abs(low - exact.low)).toBeLessThan(0.012);
    expect(Math.abs(high - exact.high)).toBeLessThan(0.012);
  });

  it('is the same for the same seed, another for another', () => {
    expect(bootstrapInterval(hits, share, { seed: 5 })).toEqual(bootstrapInterval(hits, share, { seed: 5 }));
    expect(bootstrapInterval(hits, share, { seed: 5, samples: 50 })).not.toEqual(
      bootstrapInterval(hits, share, { seed: 6, samples: 50 }),
    );
  });

  it('of what never varies is a point', () => {
    expect(bootstrapInterval([3, 3, 3], (drawn) => drawn[0]!)).toEqual({ low: 3, high: 3, confidence: 0.95 });
  });

  it('refuses no cases, NaN, and options that are none', () => {
    expect(() => bootstrapInterval([], () => 0)).toThrow(/at least one case/);
    expect(() => bootstrapInterval([1], () => Number.NaN)).toThrow(/measured NaN/);
    for (const options of [{ samples: 1 }, { samples: 2.5 }, { seed: 0.5 }, { confidence: 1 }])
      expect(() => bootstrapInterval([1], () => 0, options)).toThrow(InputError);
  });
});

describe('rocIntervals', () => {
  it('hold the figures they are of', () => {
    const { auc: area, eer, tarAtFar: tar } = rocIntervals(pairs, { far: 0.05 });
    for (const [interval, figure] of [
      [area, auc(pairs)],
      [eer, equalErrorRate(pairs)],
      [tar, tarAtFar(pairs, 0.05).tar],
    ] as const) {
      expect(interval.low).toBeLessThan(figure);
      expect(interval.high).toBeGreaterThan(figure);
      expect(interval.high - interval.low).toBeLessThan(0.25);
    }
  });

  it('are about those of drawing pairs and measuring each sample from scratch', () => {
    const fast = rocIntervals(pairs, { samples: 300, seed: 3 }).auc;
    const [ones, twos] = [true, false].map((same) => pairs.filter((pair) => pair.same === same));
    const slow = bootstrapInterval(
      ones!.map((one, i) => [one, twos![i]!]),
      (drawn) => auc(drawn.flat()),
      { samples: 300, seed: 4 },
    );
    expect(Math.abs(fast.low - slow.low)).toBeLessThan(0.01);
    expect(Math.abs(fast.high - slow.high)).toBeLessThan(0.01);
  });

  it('of pairs without an error are points', () => {
    const clean = pairs.map(({ same }, i) => ({ same, distance: same ? 0.1 + i / 1e4 : 0.5 + i / 1e4 }));
    expect(rocIntervals(clean)).toMatchObject({ auc: { low: 1, high: 1 }, eer: { low: 0, high: 0 } });
  });

  it('takes thousands of pairs in its stride', () => {
    const many = Array.from({ length: 6000 }, (_, i) => ({ distance: (i * 7919) % 6007, same: i % 2 === 0 }));
    const start = performance.now();
    rocIntervals(many);
    expect(performance.now() - start).toBeLessThan(8000);
  });

  it('refuses one kind of pair and a rate that is none', () => {
    expect(() => rocIntervals(pairs.filter(({ same }) => same))).toThrow(/rocIntervals: expected pairs of one person/);
    expect(() => rocIntervals(pairs, { far: 2 })).toThrow(/far must be in 0 … 1/);
  });
});
