import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { graphSubject } from '../../src/inspect/subject.ts';
import { cubeSheet, topCubes } from '../../src/inspect/top-cubes.ts';
import { type Triple, Volume } from '../../src/volumes/volume.ts';
import { randomArray } from '../support/random.ts';

/** Pools pairs, then adds 3 × 3 × 3 cells: each unit sees 6 × 6 × 6 voxels. Unit 0 likes brightness, unit 1 darkness. */
function subject() {
  const graph = new Graph();
  const half = graph.apply(maxPool, [graph.input('values')], { name: 'half', attributes: { size: 2, stride: 2 } });
  const sum = graph.apply(conv, [half], { name: 'sum', attributes: { padding: 'same' }, parameters: { filters: 'w' } });
  graph.apply(relu, [sum], { name: 'layer' });
  const values = Float32Array.from({ length: 54 }, (_, i) => (i % 2 ? -1 : 1));
  return graphSubject({ graph, parameters: parametersOf({ w: { shape: [3, 3, 3, 1, 2], values } }) });
}

/** Noise with a bright ball about some voxels. */
function spotted(side: number, centres: readonly Triple[], seed: number): Volume {
  const values = randomArray(side * side * side, seed);
  for (const [z, y, x] of centres)
    for (let i = 0; i < values.length; i++) {
      const [dx, dy, dz] = [(i % side) - x, (Math.floor(i / side) % side) - y, Math.floor(i / (side * side)) - z];
      if (dx * dx + dy * dy + dz * dz <= 9) values[i]! += 20;
    }
  return new Volume({ values, shape: [side, side, side], affine: [2, 0, 0, -10, 0, 2, 0, 0, 0, 0, 2, 30] });
}

describe('topCubes', () => {
  const volumes = {
    anna: spotted(24, [[6, 5, 7]], 1),
    boris: spotted(
      24,
      [
        [17, 19, 4],
        [5, 18, 18],
      ],
      2,
    ),
  };
  const found = topCubes(subject(), { volumes, spacing: 2, block: 12, layers: ['layer'], count: 3 });

  it('finds the places that a unit answers to most, each in another block', async () => {
    const [layer] = await found;
    expect(layer!.field).toEqual(Array.from({ length: 3 }, () => ({ size: 6, stride: 2, padding: 2 })));
    const { cubes } = layer!.units[0]!;
    expect(cubes.map(({ name }) => name).sort()).toEqual(['anna', 'boris', 'boris']);
    const wanted: Record<string, readonly (readonly number[])[]> = {
      anna: [[7 * 2 - 10, 5 * 2, 6 * 2 + 30]],
      boris: [
        [4 * 2 - 10, 19 * 2, 17 * 2 + 30],
        [18 * 2 - 10, 18 * 2, 5 * 2 + 30],
      ],
    };
    for (const { name, centre, volume } of cubes) {
      expect(volume.shape).toEqual([6, 6, 6]);
      const off = wanted[name]!.map((place) => Math.max(...place.map((v, i) => Math.abs(v - centre[i]!))));
      expect(Math.min(...off)).toBeLessThanOrEqual(4);
      // The ball is in it, with the volume's own values.
      expect(Math.max(...volume.values)).toBeGreaterThan(19);
    }
    for (let i = 1; i < 3; i++) expect(cubes[i - 1]!.activation).toBeGreaterThanOrEqual(cubes[i]!.activation);
  });

  it('draws them as slices', async () => {
    const { cubes } = (await found)[0]!.units[0]!;
    const sheet = cubeSheet(cubes, { scale: 2, columns: 2 });
    // Slices of 6 voxels, 2 pixels each, three side by side with gaps of 2; two of those a row.
    expect(sheet).toMatchObject({ width: 2 * (3 * 12 + 4) + 2, height: 2 * 12 + 2 });
    expect(new Set(sheet.data).size).toBeGreaterThan(20);
    expect(() => cubeSheet([])).toThrow('there is no cube to draw');
  });

  it('refuses a block that is none', async () => {
    await expect(topCubes(subject(), { volumes, spacing: 2, block: 0, layers: ['layer'] })).rejects.toThrow(
      'block must be',
    );
  });
});
