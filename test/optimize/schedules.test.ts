import { describe, expect, it } from 'vitest';
import { constant, cosine, steps, warmUp } from '../../src/optimize/schedules.ts';

describe('schedules', () => {
  it('constant: the same at every step', () => {
    expect([0, 1, 1e6].map(constant(0.3))).toEqual([0.3, 0.3, 0.3]);
  });

  it('steps: multiplied at each of them', () => {
    const schedule = steps(0.5, { at: [10, 20], factor: 0.5 });
    expect([0, 9, 10, 19, 20, 1000].map(schedule)).toEqual([0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  });

  it('cosine: half a wave from the rate to the floor, which stays', () => {
    const schedule = cosine(2, { steps: 90, floor: 1 });
    for (let step = 0; step < 90; step++)
      expect(schedule(step)).toBeCloseTo(1 + 0.5 * (1 + Math.cos((Math.PI * step) / 90)), 14);
    expect([0, 45, 90, 500].map(schedule)).toEqual([2, 1.5, 1, 1]);
    expect(cosine(1, { steps: 10 })(10)).toBe(0);
  });

  it('cosine: the same bits everywhere', () => {
    expect([1, 7, 33, 99].map(cosine(0.1, { steps: 100 }))).toMatchInlineSnapshot(`
      [
        0.09997532801828658,
        0.09879583809693737,
        0.07545207078751857,
        0.00002467198171342,
      ]
    `);
  });

  it('warmUp: a straight line to the schedule’s own rate', () => {
    expect([0, 1, 2, 3, 4, 50].map(warmUp(constant(1), 4))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    const late = warmUp(cosine(1, { steps: 8 }), 2);
    expect(late(0)).toBe(0.5);
    expect(late(4)).toBe(cosine(1, { steps: 8 })(4));
  });
});
