import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/core/shape.ts';
import { activationMaps } from '../../src/inspect/activation-maps.ts';
import { Leaderboard } from '../../src/inspect/leaderboard.ts';
import { type Sample, topActivations } from '../../src/inspect/top-activations.ts';
import { unravel } from '../../src/inspect/unravel.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { randomArray } from '../support/random.ts';
import { smallNet } from '../support/small-net.ts';

const sizes = { 1: [24], 2: [12, 10], 3: [6, 8, 6] } as const;
const samplesOf = (rank: 1 | 2 | 3, count: number, first = 1): Sample<number>[] =>
  Array.from({ length: count }, (_, i) => {
    const shape = [1, ...sizes[rank], 3];
    return { name: `s${i}`, shape, values: randomArray(elementsOf(shape), first + i), origin: i };
  });

describe('Leaderboard', () => {
  it('keeps the largest, the earlier of equal ones, and tells who comes and goes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (values, count) => {
          const board = new Leaderboard(2, count);
          const held = new Set<number>();
          for (const [sample, value] of values.entries())
            board.offer(
              1,
              { sample, position: sample * 10, value },
              {
                hold: (who) => held.add(who),
                release: (who) => held.delete(who),
              },
            );
          const expected = values
            .map((value, sample) => ({ sample, position: sample * 10, value }))
            .sort((a, b) => b.value - a.value || a.sample - b.sample)
            .slice(0, count);
          expect(board.places(1)).toEqual(expected);
          expect(board.places(0)).toEqual([]);
          expect([...held].sort((a, b) => a - b)).toEqual(expected.map(({ sample }) => sample).sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('topActivations', () => {
  it.each([1, 2, 3] as const)('equals an exhaustive search, of rank %i', async (rank) => {
    const { subject } = smallNet(rank);
    const samples = samplesOf(rank, 23);
    const layers = ['conv1', 'conv3', 'classes'];
    // One sample at a time, as the slow search does: other batches may choose other kernels.
    const found = await topActivations(subject, samples, { layers, count: 4, batch: 1 });
    expect(found.samples).toBe(23);
    const maps = samples.map((sample) => activationMaps(subject, sample, { layers }));
    for (const [l, { layer, channels, units }] of found.layers.entries()) {
      expect(units.map(({ unit }) => unit)).toEqual(Array.from({ length: channels }, (_, unit) => unit));
      for (const { unit, peaks } of units) {
        const slow = maps
          .map((map, sample) => {
            const values = map[l]!.unit(unit);
            const activation = values.reduce((a, b) => Math.max(a, b));
            return { sample, activation, position: unravel(values.indexOf(activation), map[l]!.shape.slice(0, -1)) };
          })
          .sort((a, b) => b.activation - a.activation || a.sample - b.sample)
          .slice(0, 4);
        expect(
          peaks.map(({ sample, activation, position }) => ({ sample, activation, position })),
          layer,
        ).toEqual(slow);
        for (const { name, origin, sample } of peaks) expect([name, origin]).toEqual([`s${sample}`, sample]);
      }
    }
  });

  it('gives the same bits for any place in the stream, and on every rerun', async () => {
    const { subject } = smallNet(2);
    const samples = samplesOf(2, 10);
    const options = { layers: ['conv1', 'conv3'], count: 10, batch: 4 };
    const activations = async (list: readonly Sample<number>[]) =>
      (await topActivations(subject, list, options)).layers.map(({ units }) =>
        units.map(({ peaks }) => peaks.map(({ name, activation }) => `${name} ${activation}`).sort()),
      );
    const straight = await activations(samples);
    expect(await activations(samples)).toEqual(straight);
    expect(await activations([...samples].reverse())).toEqual(straight);
    expect(await activations([...samples.slice(3), ...samples.slice(0, 3)])).toEqual(straight);
  });

  it('gives the same bits on two threads', async () => {
    const { subject } = smallNet(2);
    const samples = samplesOf(2, 6);
    const options = { layers: ['conv1', 'conv3', 'classes'], batch: 4 };
    const engine = await createEngine({ threads: 2 });
    expect(engine.threads).toBe(2);
    expect(await topActivations(subject, samples, { ...options, engine })).toEqual(
      await topActivations(subject, samples, options),
    );
    engine.close();
  });

  it('puts the first of equal samples first, and the first of equal positions', async () => {
    const { subject } = smallNet(2);
    const flat = { shape: [1, 12, 10, 3], values: new Float32Array(360).fill(0.5) };
    const list = ['a', 'b', 'c'].map((name) => ({ name, origin: undefined, ...flat }));
    const { layers } = await topActivations(subject, list, { layers: ['conv1'], units: [0], count: 2 });
    const { peaks } = layers[0]!.units[0]!;
    expect(peaks.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(peaks[1]!.activation).toBe(peaks[0]!.activation);
    const [map] = activationMaps(subject, flat, { layers: ['conv1'] });
    const values = map!.unit(0);
    const best = values.reduce((a, b) => Math.max(a, b));
    expect(values.filter((value) => value === best).length).toBeGreaterThan(0);
    expect(peaks[0]!.position).toEqual(unravel(values.indexOf(best), [12, 10]));
  });

  it('tells what a unit sees: a span of a sound, a cube of a volume', async () => {
    for (const rank of [1, 3] as const) {
      const { subject } = smallNet(rank);
      const { layers } = await topActivations(subject, samplesOf(rank, 3), {
        layers: ['conv2', 'classes'],
        units: [1],
      });
      const { cells, position } = layers[0]!.units[0]!.peaks[0]!;
      // Two windows of 3 with a pool between: r = 1 + 2 + 1 + 2·2, in steps of 2.
      expect(layers[0]!.field).toEqual(new Array(rank).fill({ size: 8, stride: 2, padding: 3 }));
      expect(cells).toEqual(position.map((at) => ({ first: at * 2 - 3, size: 8 })));
      const whole = layers[1]!.units[0]!.peaks[0]!;
      expect(whole.position).toEqual([]);
      expect(whole.cells).toEqual(sizes[rank].map((size) => ({ first: 0, size })));
    }
  });

  it('takes samples of several shapes, each by its own map', async () => {
    const { subject } = smallNet(2);
    const other = { name: 'wide', origin: 0, shape: [1, 8, 16, 3], values: randomArray(384, 77).map((v) => v * 3) };
    const { layers, samples } = await topActivations(subject, [...samplesOf(2, 3), other, ...samplesOf(2, 2, 50)], {
      layers: ['conv1'],
    });
    expect(samples).toBe(6);
    const wide = layers[0]!.units.flatMap(({ unit, peaks }) =>
      peaks.filter(({ name }) => name === 'wide').map((p) => ({ unit, ...p })),
    );
    expect(wide.length).toBeGreaterThan(0);
    const [map] = activationMaps(subject, other, { layers: ['conv1'] });
    for (const { unit, position, activation } of wide) {
      const values = map!.unit(unit);
      expect(values[position[0]! * 16 + position[1]!]).toBe(values.reduce((a, b) => Math.max(a, b)));
      expect(activation).toBeCloseTo(
        values.reduce((a, b) => Math.max(a, b)),
        5,
      );
    }
  });

  it('takes what comes one after another, tells how far it is, and stops when told', async () => {
    const { subject } = smallNet(1);
    async function* stream() {
      yield* samplesOf(1, 7);
    }
    const seen: number[] = [];
    const { samples } = await topActivations(subject, stream(), {
      layers: ['conv1'],
      batch: 3,
      onProgress: (count) => seen.push(count),
    });
    expect([samples, ...seen]).toEqual([7, 3, 6, 7]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(topActivations(subject, stream(), { layers: ['conv1'], signal })).rejects.toThrow('enough');
  });

  it('names what does not fit', async () => {
    const { subject } = smallNet(2);
    const top = (options: object, samples = samplesOf(2, 2)) =>
      topActivations(subject, samples, { layers: ['conv1'], ...options });
    await expect(top({ layers: ['conv7'] })).rejects.toThrow(/no node is called "conv7"/);
    await expect(top({ layers: [] })).rejects.toThrow('layers must be one or more different names, got []');
    await expect(top({ layers: ['conv1', 'conv1'] })).rejects.toThrow(/different names/);
    await expect(top({ units: [2, 6] })).rejects.toThrow('inspect: conv1 has units 0 to 5, got 6');
    await expect(top({ units: { conv1: [] } })).rejects.toThrow('inspect: conv1 has units 0 to 5, got none');
    await expect(top({ count: 0 })).rejects.toThrow('count must be a whole number of at least 1, got 0');
    await expect(top({}, [])).rejects.toThrow('topActivations: there is no sample to look at');
    const [sample] = samplesOf(2, 1);
    await expect(top({}, [{ ...sample!, shape: [12, 10, 3] }])).rejects.toThrow(
      'sample "s0" must be [1, …spatial, C], got [12,10,3]',
    );
    const nan = sample!.values.slice().fill(Number.NaN, 0, 40);
    await expect(top({}, [{ ...sample!, values: nan }])).rejects.toThrow(/unit 0 of conv1 is NaN for "s0"/);
  });
});
