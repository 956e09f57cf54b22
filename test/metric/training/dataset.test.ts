import { describe, expect, it } from 'vitest';
import { arrayDataset, collectDataset, type Example, selectClasses } from '../../../src/metric/training/dataset.ts';

const example = (name: string, ...values: number[]): Example => ({ class: name, values });
const read = (dataset: ReturnType<typeof arrayDataset>, i: number): number[] => {
  const into = new Float32Array(dataset.shape.reduce((a, b) => a * b, 1));
  dataset.read(i, into);
  return [...into];
};

describe('arrayDataset', () => {
  it('sorts classes by name and keeps the order of examples', () => {
    const dataset = arrayDataset([example('b', 1, 2), example('a', 3, 4), example('b', 5, 6)], [2]);
    expect(dataset.classes).toEqual([
      { name: 'a', examples: [1] },
      { name: 'b', examples: [0, 2] },
    ]);
    expect(dataset.size).toBe(3);
    expect([0, 1, 2].map((i) => read(dataset, i))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('copies: what the caller does to the array afterwards is not seen', () => {
    const values = Float32Array.of(1, 2);
    const dataset = arrayDataset([{ class: 'a', values }], [2]);
    values.fill(9);
    expect(read(dataset, 0)).toEqual([1, 2]);
  });

  it.each([
    [[example('a', 1, Number.NaN)], 'example 0 ("a") is not finite: value 1 is NaN'],
    [[example('a', 1, 2), example('b', 1e39, 2)], 'example 1 ("b") is not finite: value 0 is Infinity'],
    [[example('a', 1, 2, 3)], 'example 0 ("a") must be [2], 2 values, got 3'],
    [[example('', 1, 2)], 'example 0 has no class, got ""'],
    [[], 'there are no examples'],
  ])('refuses bad data %#', (examples, message) => {
    expect(() => arrayDataset(examples, [2])).toThrow(`dataset: ${message}`);
  });
});

describe('collectDataset', () => {
  it('reads an async iterator once', async () => {
    async function* stream() {
      yield example('x', 1);
      await Promise.resolve();
      yield example('y', 2);
    }
    const dataset = await collectDataset(stream(), [1]);
    expect(dataset.classes.map(({ name }) => name)).toEqual(['x', 'y']);
    expect(read(dataset, 1)).toEqual([2]);
  });
});

describe('selectClasses', () => {
  const dataset = arrayDataset([example('Greek/a', 1), example('Latin/a', 2), example('Greek/b', 3)], [1]);
  it('keeps the numbers of examples', () => {
    const greek = selectClasses(dataset, (name) => name.startsWith('Greek'));
    expect(greek.classes.map(({ examples }) => examples)).toEqual([[0], [2]]);
    expect(greek.size).toBe(2);
    expect(read(greek, 2)).toEqual([3]);
  });
  it('says where nothing is left', () => {
    expect(() => selectClasses(dataset, () => false)).toThrow('none of 3 classes passes');
  });
});
