import { describe, expect, it } from 'vitest';
import { activationMaps } from '../../src/inspect/activation-maps.ts';
import { type MaximizeOptions, maximization, maximizeActivation } from '../../src/inspect/maximize.ts';
import { rolled, smoothed } from '../../src/inspect/spatial.ts';
import { randomArray } from '../support/random.ts';
import { smallNet } from '../support/small-net.ts';

const shape = [1, 12, 10, 3];
const { subject } = smallNet(2);
// No blur: what random filters look for is as rough as they are.
const options: MaximizeOptions = { layer: 'conv3', unit: 1, shape, range: [-1, 1], steps: 30, jitter: 1, blurEvery: 0 };

describe('maximizeActivation', () => {
  it.each([
    ['a unit', { at: 'centre' as const }],
    ['a cell', { at: [2, 1] }],
    ['a channel', { at: 'channel' as const }],
    ['a class', { layer: 'classes', unit: 3 }],
  ])('makes %s more active', (_, of) => {
    const steps = [...maximization(subject, { ...options, ...of })];
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const first = steps[0]!.activation;
    const last = steps.slice(-5).reduce((sum, { activation }) => sum + activation, 0) / 5;
    expect(last).toBeGreaterThan(first + 0.1);
  });

  it('states the activation that it reaches, in front of the ReLU', () => {
    const still = { ...options, jitter: 0, steps: 3, at: [2, 1] };
    const [, second, third] = [...maximization(subject, still)];
    const [map] = activationMaps(subject, { shape, values: second!.values() }, { layers: ['sum'] });
    expect(third!.activation).toBeCloseTo(map!.unit(1)[2 * 5 + 1]!, 5);
  });

  it('gives equal bits for equal options, and others for another seed; values stay in range', () => {
    const once = maximizeActivation(subject, options);
    expect(maximizeActivation(subject, options)).toEqual(once);
    expect(maximizeActivation(subject, { ...options, seed: 2 })).not.toEqual(once);
    expect(once.every((value) => value >= -1 && value <= 1)).toBe(true);
  });

  it('keeps values nearer to the middle with more L2, and smoother with more blur', () => {
    const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    const rough = (values: Float32Array) => {
      const soft = smoothed(values, shape);
      return values.reduce((sum, value, i) => sum + (value - soft[i]!) ** 2, 0) / energy(values);
    };
    const plain = maximizeActivation(subject, { ...options, l2: 0, blurEvery: 0 });
    expect(energy(maximizeActivation(subject, { ...options, l2: 0.2, blurEvery: 0 }))).toBeLessThan(energy(plain) / 2);
    expect(rough(maximizeActivation(subject, { ...options, l2: 0, blurEvery: 1 }))).toBeLessThan(rough(plain) / 2);
  });

  it('works on sounds and volumes, stops when told, and names what does not fit', () => {
    for (const [rank, spatial] of [
      [1, [24]],
      [3, [6, 8, 6]],
    ] as const) {
      const { subject: other } = smallNet(rank);
      const steps = [...maximization(other, { ...options, shape: [1, ...spatial, 3], steps: 10 })];
      expect(steps.at(-1)!.activation).toBeGreaterThan(steps[0]!.activation);
    }
    const run = (of: object) => () => maximizeActivation(subject, { ...options, ...of });
    expect(run({ signal: AbortSignal.abort(new Error('enough')) })).toThrow('enough');
    expect(run({ unit: 6 })).toThrow('maximize: conv3 has units 0 to 5, got 6');
    expect(run({ at: [6, 0] })).toThrow("at must be 'centre', 'channel' or a cell within [6,5], got [6,0]");
    expect(run({ range: [1, 1] })).toThrow('range must be two numbers, the lower one first');
    expect(run({ steps: 0 })).toThrow('steps must be a whole number of at least 1, got 0');
    expect(run({ rate: 0 })).toThrow('rate must be above 0');
    expect(run({ l2: 1 })).toThrow('l2 must lie from 0 to below 1');
    expect(run({ jitter: 0.5 })).toThrow('jitter must be a whole number of at least 0, got 0.5');
  });
});

describe('rolled and smoothed', () => {
  it('roll along each axis, and back', () => {
    const values = randomArray(2 * 4 * 5 * 3, 1);
    const shape = [2, 4, 5, 3];
    const moved = rolled(values, shape, [1, -2]);
    const at = (of: Float32Array, n: number, y: number, x: number, c: number) => of[((n * 4 + y) * 5 + x) * 3 + c];
    for (const [n, y, x, c] of [
      [0, 0, 0, 0],
      [1, 3, 4, 2],
      [1, 2, 1, 1],
    ] as const)
      expect(at(moved, n, (y + 1) % 4, (x + 3) % 5, c)).toBe(at(values, n, y, x, c));
    expect(rolled(moved, shape, [-1, 2])).toEqual(values);
    expect(rolled(values, shape, [4, 5])).toEqual(values);
  });

  it('blur a point to [1, 2, 1] / 4, and leave what is even', () => {
    const point = new Float32Array(15);
    point[7] = 16;
    expect(Array.from(smoothed(point, [1, 3, 5, 1]))).toEqual([0, 1, 2, 1, 0, 0, 2, 4, 2, 0, 0, 1, 2, 1, 0]);
    const even = new Float32Array(15).fill(3);
    expect(smoothed(even, [1, 3, 5, 1])).toEqual(even);
  });
});
