import { describe, expect, it } from 'vitest';
import { activationMaps } from '../../src/inspect/activation-maps.ts';
import { occlusionMap } from '../../src/inspect/occlusion.ts';
import { randomArray } from '../support/random.ts';
import { smallNet } from '../support/small-net.ts';

const shape = [1, 12, 10, 3];
const sample = { shape, values: randomArray(360, 3) };
const { subject } = smallNet(2);

/** The unit's largest activation, or the one at a cell. */
const activationOf = (values: Float32Array, layer: string, unit: number, cell?: number): number => {
  const map = activationMaps(subject, { shape, values }, { layers: [layer] })[0]!.unit(unit);
  return cell === undefined ? map.reduce((a, b) => Math.max(a, b)) : map[cell]!;
};

describe('occlusionMap', () => {
  it('is the activation of each covered sample', () => {
    const { activation, places, values } = occlusionMap(subject, sample, {
      layer: 'conv3',
      unit: 2,
      size: [4, 3],
      fill: 0.25,
    });
    expect(places).toEqual([
      [0, 2, 4, 6, 8],
      [0, 2, 4, 6, 7],
    ]);
    expect(values.length).toBe(25);
    expect(activation).toBeCloseTo(activationOf(sample.values, 'conv3', 2), 5);
    for (const [place, [top, left]] of [
      [0, [0, 0]],
      [9, [2, 7]],
      [24, [8, 7]],
    ] as [number, [number, number]][]) {
      const covered = sample.values.slice();
      for (let y = top; y < top + 4; y++)
        for (let x = left; x < left + 3; x++) covered.fill(0.25, (y * 10 + x) * 3, (y * 10 + x) * 3 + 3);
      expect(values[place]).toBeCloseTo(activationOf(covered, 'conv3', 2), 5);
    }
  });

  it('watches one cell, which a cover out of its sight leaves as it was, and covers with the mean of each channel', () => {
    const { activation, values } = occlusionMap(subject, sample, {
      layer: 'conv1',
      unit: 0,
      position: [0, 0],
      size: 3,
      stride: 3,
    });
    expect(activation).toBeCloseTo(activationOf(sample.values, 'conv1', 0, 0), 5);
    expect(values.at(-1)).toBe(activation);
    const covered = sample.values.slice();
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let i = c; i < 360; i += 3) sum += sample.values[i]!;
      for (let y = 0; y < 3; y++) for (let x = 0; x < 3; x++) covered[(y * 10 + x) * 3 + c] = sum / 120;
    }
    expect(values[0]).toBeCloseTo(activationOf(covered, 'conv1', 0, 0), 5);
  });

  it('slides over sounds and volumes alike', () => {
    const sound = occlusionMap(
      smallNet(1).subject,
      { shape: [1, 24, 3], values: randomArray(72, 4) },
      { layer: 'classes', unit: 1, size: 6, stride: 6 },
    );
    expect([sound.places, sound.values.length]).toEqual([[[0, 6, 12, 18]], 4]);
    const volume = { shape: [1, 6, 8, 6, 3], values: randomArray(864, 5) };
    expect(
      occlusionMap(smallNet(3).subject, volume, { layer: 'conv1', unit: 1, size: 4, stride: 2 }).values.length,
    ).toBe(12);
  });

  it('names what does not fit', () => {
    const cover = (options: object) => () =>
      occlusionMap(subject, sample, { layer: 'conv1', unit: 0, size: 3, ...options });
    expect(cover({ unit: 9 })).toThrow('occlusionMap: conv1 has units 0 to 5, got 9');
    expect(cover({ size: 11 })).toThrow('size must be whole numbers of at least 1 within [12,10], got 11');
    expect(cover({ stride: [1] })).toThrow(/stride must be whole numbers/);
    expect(cover({ position: [0, 10] })).toThrow('a position in conv1 lies within [12,10], got [0,10]');
    expect(cover({ layer: 'nope' })).toThrow(/no node is called "nope"/);
  });
});
