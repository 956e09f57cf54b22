import { describe, expect, it } from 'vitest';
import { Rng } from '../../src/core/rng.ts';
import { type CubeOptions, cubeDataset } from '../../src/volumes/cubes.ts';
import { ontoGrid } from '../../src/volumes/onto-grid.ts';
import { sheppLogan } from '../../src/volumes/phantom.ts';
import { deviationOf, rescanned } from '../../src/volumes/rescan.ts';
import { Volume } from '../../src/volumes/volume.ts';

const head = sheppLogan(40);
const grid = { shape: [9, 10, 11], affine: [4, 0, 0, -20, 0, 4, 0, -20, 0, 0, 4, -16] } as const;

describe('rescanned', () => {
  it('is the volume as it is where nothing changes', () => {
    expect(rescanned(head, grid, {}, new Rng(1))).toEqual(ontoGrid(head, grid).values);
  });

  it('moves by no more than was said', () => {
    // Far from its middle a turn by 1° is a shift by a 57th of the way.
    const ramp = new Volume({
      values: Float32Array.from({ length: 64 * 64 * 64 }, (_, i) => i % 64),
      shape: [64, 64, 64],
    });
    const inside = { shape: [5, 5, 5], affine: [1, 0, 0, 30, 0, 1, 0, 30, 0, 0, 1, 30] } as const;
    for (let seed = 0; seed < 20; seed++) {
      const values = rescanned(ramp, inside, { rotate: 1, shift: 3 }, new Rng(seed));
      for (const [i, value] of values.entries()) expect(Math.abs(value - (30 + (i % 5)))).toBeLessThan(3 + 0.2);
    }
  });

  it('multiplies by a gain that is above 0 and changes slowly', () => {
    const even = new Volume({ values: new Float32Array(27000).fill(7), shape: [30, 30, 30] });
    const within = { shape: [20, 20, 20], affine: [1, 0, 0, 5, 0, 1, 0, 5, 0, 0, 1, 5] } as const;
    const gain = rescanned(even, within, { bias: 0.4 }, new Rng(3)).map((value) => value / 7);
    expect(Math.min(...gain)).toBeGreaterThan(0);
    expect(deviationOf(gain).deviation).toBeGreaterThan(0.05);
    for (let i = 1; i < gain.length; i++) if (i % 20) expect(Math.abs(gain[i]! / gain[i - 1]! - 1)).toBeLessThan(0.3);
  });

  it('adds noise of the deviation that was said, as a share of the values’ own', () => {
    const plain = rescanned(head, grid, {}, new Rng(1));
    const noisy = rescanned(head, grid, { noise: 0.5 }, new Rng(1));
    const noise = noisy.map((value, i) => value - plain[i]!);
    expect(deviationOf(noise).deviation / deviationOf(plain).deviation).toBeCloseTo(0.5, 1);
  });
});

describe('cubeDataset', () => {
  const options: CubeOptions = {
    side: 8,
    spacing: 6,
    places: 4,
    views: 3,
    apart: 20,
    rescan: { rotate: 20, shift: 5, bias: 0.3, noise: 0.3 },
  };
  const read = (dataset: ReturnType<typeof cubeDataset>, example: number): Float32Array => {
    const into = new Float32Array(512);
    dataset.read(example, into);
    return into;
  };

  it('names a class for each place, with its scans', () => {
    const dataset = cubeDataset({ anna: head, boris: sheppLogan(30) }, options);
    expect(dataset.shape).toEqual([8, 8, 8, 1]);
    expect(dataset.classes[0]).toEqual({ name: 'anna/0', examples: [0, 1, 2] });
    expect(dataset.classes.at(-1)!.name).toMatch(/^boris\/\d$/);
    expect(dataset.size).toBe(dataset.classes.length * 3);
  });

  it('gives examples of mean 0 and deviation 1, the same at each reading, others for another seed', () => {
    const [one, again] = [cubeDataset({ head }, options), cubeDataset({ head }, options)];
    for (const example of [7, 0, one.size - 1]) {
      const values = read(one, example);
      const { mean, deviation } = deviationOf(values);
      expect(mean).toBeCloseTo(0, 5);
      expect(deviation).toBeCloseTo(1, 5);
      expect(read(again, example)).toEqual(values);
    }
    expect(read(one, 0)).not.toEqual(read(one, 1));
    expect(read(cubeDataset({ head }, { ...options, seed: 1 }), 0)).not.toEqual(read(one, 0));
  });

  it('takes as many places as lie far enough apart', () => {
    expect(cubeDataset({ head }, { ...options, places: 50, apart: 90 }).classes.length).toBeLessThan(25);
    expect(cubeDataset({ head }, { ...options, places: 6, apart: 0 }).classes).toHaveLength(6);
  });

  it('refuses volumes that show nothing, and options that are none', () => {
    const even = new Volume({ values: new Float32Array(1000).fill(1), shape: [10, 10, 10] });
    expect(() => cubeDataset({ even }, options)).toThrow('"even" has no place that shows anything');
    for (const name of ['side', 'places', 'views'])
      expect(() => cubeDataset({ head }, { ...options, [name]: 0 })).toThrow(`${name} must be a whole number above 0`);
  });
});
