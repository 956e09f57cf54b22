import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/core/shape.ts';
import { Projector } from '../../src/inspect/projection.ts';
import { unravel } from '../../src/inspect/unravel.ts';
import { projection } from '../oracle/projection.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { smallNet } from '../support/small-net.ts';

const sizes = { 1: [24], 2: [12, 10], 3: [6, 8, 6] } as const;
const cases = ([1, 2, 3] as const).flatMap((rank) =>
  (['deconvnet', 'guided', 'gradient'] as const).map((rule) => ({ rank, rule })),
);

describe('Projector', () => {
  it.each(cases)('$rule of rank $rank agrees with its definition in float64', ({ rank, rule }) => {
    const { graph, parameters, subject } = smallNet(rank);
    const shape = [1, ...sizes[rank], 3];
    const samples = [1, 2].map((seed) => randomArray(elementsOf(shape), seed));
    for (const layer of ['conv1', 'conv3']) {
      const projector = new Projector(subject, { layer, shape, batch: 2 });
      for (const unit of [0, 3, 5]) {
        const found = projector.project(
          samples.map((values) => ({ values, unit })),
          rule,
        );
        for (const [i, { values, activation, position }] of found.entries()) {
          const sample = { shape, values: samples[i]! };
          const { values: all } = projection(graph, parameters, sample, { layer, index: 0, rule });
          const map = all.get(layer)!;
          let best = unit;
          for (let at = unit; at < map.values.length; at += 6) if (map.values[at]! > map.values[best]!) best = at;
          expect(position).toEqual(unravel(Math.floor(best / 6), map.shape.slice(1, -1)));
          expect(activation).toBeCloseTo(map.values[best]!, 5);
          const { signal } = projection(graph, parameters, sample, { layer, index: best, rule });
          expect(relativeError(values, signal), `${layer} unit ${unit}`).toBeLessThan(tolerance.winograd);
        }
      }
      projector.close();
    }
  });

  it('leads back a chosen cell, and a class', () => {
    const { subject } = smallNet(2);
    const shape = [1, 12, 10, 3];
    const values = randomArray(360, 5);
    const projector = new Projector(subject, { layer: 'conv1/linear', shape });
    const [corner] = projector.project([{ values, unit: 1, position: [0, 0] }], 'gradient');
    // Of the nine cells of a window at the corner four are real.
    const seen = Array.from(corner!.values, (value, i) => (value === 0 ? -1 : Math.floor(i / 3)));
    expect([...new Set(seen)].sort((a, b) => a - b)).toEqual([-1, 0, 1, 10, 11]);
    projector.close();
    const classes = new Projector(subject, { layer: 'classes', shape });
    const [of] = classes.project([{ values, unit: 2 }], 'gradient');
    expect(of!.position).toEqual([]);
    expect(of!.values.some((value) => value !== 0)).toBe(true);
    classes.close();
  });

  it('names what does not fit', () => {
    const { subject } = smallNet(2);
    const shape = [1, 12, 10, 3];
    const values = randomArray(360, 5);
    expect(() => new Projector(subject, { layer: 'conv9', shape })).toThrow(/no node is called "conv9"/);
    const projector = new Projector(subject, { layer: 'conv1', shape });
    const one = (of: object) => () => projector.project([{ values, unit: 0, ...of }], 'guided');
    expect(one({ unit: 6 })).toThrow('project: conv1 has units 0 to 5, got 6');
    expect(one({ position: [12, 0] })).toThrow('project: a position in conv1 lies within [12,10], got [12,0]');
    expect(one({ values: values.slice(1) })).toThrow(/needs a Float32Array of 360, got Float32Array of 359/);
    expect(() => projector.project([], 'guided')).toThrow('takes 1 to 1 samples, got 0');
    projector.close();
    expect(one({})).toThrow(/closed/);
  });
});
