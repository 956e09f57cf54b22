import { describe, expect, it } from 'vitest';
import { arrayDataset } from '../../../src/metric/training/dataset.ts';
import { turnedClasses } from '../../../src/metric/training/turned-classes.ts';

describe('turnedClasses', () => {
  const dataset = arrayDataset(
    [
      { class: 'a', values: [1, 2, 3, 4] },
      { class: 'b', values: [5, 6, 7, 8] },
      { class: 'a', values: [9, 8, 7, 6] },
    ],
    [2, 2, 1],
  );
  const all = turnedClasses(dataset, { mirrored: true });
  const read = (example: number): number[] => {
    const into = new Float32Array(4);
    all.read(example, into);
    return [...into];
  };

  it('names each turn as a class of its own', () => {
    expect(all.classes.map(({ name }) => name)).toEqual([
      ...['a', 'b', 'a@90', 'b@90', 'a@180', 'b@180', 'a@270', 'b@270'],
      ...['a@0m', 'b@0m', 'a@90m', 'b@90m', 'a@180m', 'b@180m', 'a@270m', 'b@270m'],
    ]);
    expect(turnedClasses(dataset).classes).toHaveLength(8);
    expect(all.size).toBe(24);
    expect(new Set(all.classes.flatMap(({ examples }) => examples)).size).toBe(24);
  });

  it('turns clockwise, and mirrors left to right', () => {
    const first = (name: string): number[] => read(all.classes.find((c) => c.name === name)!.examples[0]!);
    expect(first('a')).toEqual([1, 2, 3, 4]);
    expect(first('a@90')).toEqual([3, 1, 4, 2]);
    expect(first('a@180')).toEqual([4, 3, 2, 1]);
    expect(first('a@270')).toEqual([2, 4, 1, 3]);
    expect(first('a@0m')).toEqual([2, 1, 4, 3]);
    // All eight of a picture without symmetry differ.
    const eight = all.classes.filter(({ name }) => name.startsWith('b')).map(({ name }) => first(name).join());
    expect(new Set(eight).size).toBe(8);
  });

  it('keeps channels together', () => {
    const colours = arrayDataset([{ class: 'a', values: [1, 10, 2, 20, 3, 30, 4, 40] }], [2, 2, 2]);
    const into = new Float32Array(8);
    turnedClasses(colours).read(1, into);
    expect([...into]).toEqual([3, 30, 1, 10, 4, 40, 2, 20]);
  });

  it('takes square pictures only', () => {
    const wide = arrayDataset([{ class: 'a', values: [1, 2] }], [1, 2, 1]);
    expect(() => turnedClasses(wide)).toThrow('turnedClasses: examples must be square, [S,S,C], got [1,2,1]');
  });
});
