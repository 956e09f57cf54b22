import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { FewShotClassifier } from '../../../src/metric/decision/few-shot.ts';
import { cosine, euclidean } from '../../../src/metric/distance.ts';
import { nWayKShot } from '../../../src/metric/evaluation/n-way.ts';
import { oneShotIdentification } from '../../../src/metric/evaluation/one-shot.ts';
import { randomArray, randomFrom } from '../../support/random.ts';

const example = (label: string, ...embedding: number[]) => ({ label, embedding });

/** Classes of points around centres that are far apart, unless `spread` is large. */
function clusters(classes: number, members: number, spread: number, dimension = 6) {
  const embeddings: Float32Array[] = [];
  const labels: number[] = [];
  for (let c = 0; c < classes; c++) {
    const centre = randomArray(dimension, 100 + c);
    for (let m = 0; m < members; m++) {
      const noise = randomArray(dimension, 1000 + c * members + m);
      embeddings.push(centre.map((value, i) => value + spread * noise[i]!));
      labels.push(c);
    }
  }
  return { embeddings, labels };
}

describe('FewShotClassifier', () => {
  const support = [example('near', 0, 0), example('near', 10, 0), example('far', 6, 0)];

  it('takes the class of the nearest example', () => {
    const { label, distance, ranking } = new FewShotClassifier(support).classify([9, 0]);
    expect({ label, distance }).toEqual({ label: 'near', distance: 1 });
    expect(ranking).toEqual([
      { label: 'near', distance: 1 },
      { label: 'far', distance: 3 },
    ]);
  });

  it('or of the nearest mean', () => {
    const { label, distance } = new FewShotClassifier(support, { rule: 'prototype' }).classify([9, 0]);
    expect({ label, distance }).toEqual({ label: 'far', distance: 3 }); // the mean of near is (5, 0)
  });

  it('is one rule where each class has one example', () => {
    const single = [example('a', 1, 2, 3), example('b', -1, 0, 2)];
    for (let seed = 0; seed < 20; seed++) {
      const query = randomArray(3, seed);
      const [nearest, prototype] = (['nearest', 'prototype'] as const).map((rule) =>
        new FewShotClassifier(single, { rule }).classify(query),
      );
      expect(prototype).toEqual(nearest);
    }
  });

  it('measures with the bits of euclidean and of cosine', () => {
    const { embeddings, labels } = clusters(7, 3, 1, 17);
    const examples = embeddings.map((embedding, i) => ({ embedding, label: labels[i]! }));
    const query = randomArray(17, 5);
    for (const [distance, measure] of [
      ['euclidean', euclidean],
      ['cosine', cosine],
      [euclidean, euclidean],
    ] as const) {
      const { ranking } = new FewShotClassifier(examples, { distance }).classify(query);
      for (const { label, distance: found } of ranking)
        expect(found).toBe(
          Math.min(...examples.filter((e) => e.label === label).map((e) => measure(query, e.embedding))),
        );
    }
  });

  it('takes the mean of directions where the distance is the cosine', () => {
    const long = [example('a', 100, 0), example('a', 0, 1), example('b', 1, 0.2)];
    const byMean = new FewShotClassifier(long, { rule: 'prototype', distance: 'cosine' });
    expect(byMean.classify([1, 1])).toMatchObject({ label: 'a' });
    expect(byMean.classify([1, 1]).distance).toBeCloseTo(0, 6);
  });

  it('knows strangers by a threshold', () => {
    const classifier = new FewShotClassifier(support, { threshold: 2 });
    expect(classifier.classify([12, 0])).toMatchObject({ label: 'near', distance: 2 });
    expect(classifier.classify([12.5, 0])).toMatchObject({ label: null, distance: 2.5 });
  });

  it('gives a tie to the class that came first', () => {
    const tied = [example('second', 1, 0), example('first', -1, 0)];
    expect(new FewShotClassifier(tied).classify([0, 0]).label).toBe('second');
    expect(new FewShotClassifier(tied.toReversed()).classify([0, 0]).label).toBe('first');
  });

  it('takes labels of any kind, and asks nothing of their number', () => {
    expect(new FewShotClassifier([example('only', 1)]).classify([5]).label).toBe('only');
    expect(new FewShotClassifier([{ embedding: [1], label: 0 }]).labels).toEqual([0]);
  });

  it('refuses what cannot be compared', () => {
    expect(() => new FewShotClassifier([])).toThrow(/expected embeddings, got none/);
    expect(() => new FewShotClassifier([example('a', 1, 2), example('b', 1)])).toThrow(
      /embedding 1: .*2 numbers, got 1/,
    );
    expect(() => new FewShotClassifier([example('a', Number.NaN)])).toThrow(InputError);
    expect(() => new FewShotClassifier(support, { rule: 'median' as 'nearest' })).toThrow(/got "median"/);
    expect(() => new FewShotClassifier(support, { threshold: Number.NaN })).toThrow(/threshold/);
    expect(() => new FewShotClassifier(support, { distance: 'l1' as 'cosine' })).toThrow(/got "l1"/);
    expect(() => new FewShotClassifier(support, { distance: () => Number.NaN }).classify([0, 0])).toThrow(/is NaN/);
    expect(() => new FewShotClassifier(support).classify([0])).toThrow(/2 numbers, got 1/);
  });
});

describe('nWayKShot', () => {
  it('is right where classes lie apart, and near chance where they do not', () => {
    const apart = clusters(12, 6, 0.01);
    expect(nWayKShot(apart.embeddings, apart.labels, { ways: 5, episodes: 50 })).toMatchObject({
      trials: 250,
      correct: 250,
      accuracy: 1,
    });
    const random = randomFrom(3);
    const labels = Array.from({ length: 600 }, () => Math.floor(random() * 30));
    const noise = labels.map((_, i) => randomArray(4, i));
    const { accuracy, interval } = nWayKShot(noise, labels, { ways: 5, episodes: 400 });
    expect(Math.abs(accuracy - 0.2)).toBeLessThan(0.04);
    expect(interval.low).toBeLessThan(accuracy);
    expect(interval.high).toBeGreaterThan(accuracy);
  });

  it('has as many trials as ways · queries · episodes, and more shots do no harm', () => {
    const { embeddings, labels } = clusters(10, 12, 0.9);
    const of = (shots: number) =>
      nWayKShot(embeddings, labels, { ways: 5, shots, queries: 3, episodes: 100, rule: 'prototype' });
    expect(of(1).trials).toBe(1500);
    expect(of(1).episodes).toHaveLength(100);
    expect(of(1).episodes.reduce((sum, value) => sum + value, 0) / 100).toBeCloseTo(of(1).accuracy, 12);
    expect(of(5).accuracy).toBeGreaterThan(of(1).accuracy);
  });

  it('is the same for the same seed, another for another', () => {
    const { embeddings, labels } = clusters(10, 5, 1);
    const of = (seed: number) => nWayKShot(embeddings, labels, { ways: 4, episodes: 30, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1).episodes).not.toEqual(of(2).episodes);
  });

  it('keeps an episode within a group where groups are given', () => {
    // Groups lie apart, their classes do not: across groups it is easy, within one it is chance.
    const random = randomFrom(9);
    const labels = Array.from({ length: 300 }, (_, i) => i % 20);
    const embeddings = labels.map((label) => [Math.floor(label / 2) * 100 + random(), random()]);
    const options = { ways: 2, episodes: 300 };
    expect(nWayKShot(embeddings, labels, options).accuracy).toBeGreaterThan(0.9);
    const groupOf = (label: string | number) => Math.floor(Number(label) / 2);
    expect(Math.abs(nWayKShot(embeddings, labels, { ...options, groupOf }).accuracy - 0.5)).toBeLessThan(0.1);
  });

  it('leaves out classes that are too small, and says where too few are left', () => {
    const { embeddings, labels } = clusters(3, 2, 0.1);
    expect(nWayKShot([...embeddings, [0, 0, 0, 0, 0, 0]], [...labels, 9], { ways: 3, episodes: 20 }).trials).toBe(60);
    expect(() => nWayKShot(embeddings, labels, { ways: 4 })).toThrow(/need 4 classes with 2, got 3 of 3/);
    expect(() => nWayKShot(embeddings, labels, { ways: 3, shots: 2 })).toThrow(/need 3 classes with 3, got 0 of 3/);
    expect(() => nWayKShot(embeddings, labels, { ways: 3, groupOf: (label) => label })).toThrow(
      /3 classes of one group/,
    );
  });

  it('refuses numbers that are none', () => {
    const { embeddings, labels } = clusters(3, 3, 0.1);
    for (const wrong of [{ ways: 1 }, { ways: 2.5 }, { shots: 0 }, { queries: 0 }, { episodes: 0 }, { seed: 0.5 }])
      expect(() => nWayKShot(embeddings, labels, { ways: 2, ...wrong })).toThrow(InputError);
    expect(() =>
      nWayKShot(
        embeddings,
        labels.map(() => 1),
        { ways: 2 },
      ),
    ).toThrow(/at least two classes/);
  });
});

describe('oneShotIdentification', () => {
  const line = (...places: number[]) => places.map((place) => [place]);

  it('asks about all others with each in turn as the only example', () => {
    // Enrolled 0 and 10: 4 → a, 7 → b. Enrolled 4 and 7: 0 → a, 10 → b.
    expect(oneShotIdentification(line(0, 4, 10, 7), ['a', 'a', 'b', 'b'])).toMatchObject({
      trials: 4,
      correct: 4,
      accuracy: 1,
      episodes: [1, 1],
      errors: [],
    });
  });

  it('tells what was taken for what', () => {
    // Enrolled 0 and 10: 6 is nearer to 10. Enrolled 6 and 11: 10 is right, 0 is nearer to 6.
    const { errors, correct } = oneShotIdentification(line(0, 6, 10, 11), ['a', 'a', 'b', 'b']);
    expect(correct).toBe(3);
    expect(errors).toEqual([{ query: 1, nearest: 2, distance: 4, own: 0, ownDistance: 6 }]);
  });

  it('counts round where a class has fewer', () => {
    const { trials, episodes } = oneShotIdentification(line(0, 1, 2, 10, 11), ['a', 'a', 'a', 'b', 'b']);
    expect({ trials, episodes }).toEqual({ trials: 9, episodes: [1, 1, 1] });
  });

  it('refuses one class, and a class of one', () => {
    expect(() => oneShotIdentification(line(0, 1), ['a', 'a'])).toThrow(/at least two classes, got 1/);
    expect(() => oneShotIdentification(line(0, 1, 2), ['a', 'a', 'b'])).toThrow(/class "b" has one embedding/);
    expect(() => oneShotIdentification(line(0, Number.NaN), ['a', 'b'])).toThrow(InputError);
  });
});
