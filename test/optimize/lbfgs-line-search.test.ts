import { describe, expect, it } from 'vitest';
import { type LinePoint, strongWolfe } from '../../src/optimize/lbfgs-line-search.ts';

type Line = (t: number) => readonly [value: number, slope: number];

/**
 * Test functions 1 and 3 of Moré & Thuente 1994, "Line search algorithms with guaranteed sufficient decrease" (near the
 * minimum of function 2 float64 cannot tell values apart whose slopes must differ), and functions that end.
 */
const lines: Readonly<Record<string, Line>> = {
  'function 1': (t) => [-t / (t * t + 2), (t * t - 2) / (t * t + 2) ** 2],
  'function 3': (t) => {
    const [beta, l] = [0.01, 39];
    const wave = (2 * (1 - beta)) / (l * Math.PI);
    const base: readonly [number, number] =
      t <= 1 - beta ? [1 - t, -1] : t >= 1 + beta ? [t - 1, 1] : [(t - 1) ** 2 / (2 * beta) + beta / 2, (t - 1) / beta];
    return [
      base[0] + wave * Math.sin((l * Math.PI * t) / 2),
      base[1] + wave * ((l * Math.PI) / 2) * Math.cos((l * Math.PI * t) / 2),
    ];
  },
  'a well with a wall': (t) => [t < 3 ? (t - 2) ** 2 : Number.NaN, 2 * (t - 2)],
  infinite: (t) => [t < 3 ? (t - 2) ** 2 : Number.POSITIVE_INFINITY, Number.NaN * (t < 3 ? 0 : 1) || 2 * (t - 2)],
};

const FIRST = [1e-3, 1e-1, 1, 10, 1e3];

function run(line: Line, first: number, evaluations = 40, [decrease, curvature] = [1e-4, 0.1]) {
  const tried: number[] = [];
  const along = (step: number): LinePoint => {
    tried.push(step);
    const [value, slope] = line(step);
    return { step, value, slope };
  };
  const [value, slope] = line(0);
  const found = strongWolfe(along, { step: 0, value, slope }, first, { decrease, curvature, evaluations });
  return { found, tried, start: { value, slope } };
}

describe('line search', () => {
  const cases = Object.keys(lines).flatMap((name) => FIRST.map((first) => [name, first] as const));
  it.each(cases)('%s from %d meets the strong Wolfe conditions', (name, first) => {
    const { found, tried, start } = run(lines[name]!, first);
    expect(found).toBeDefined();
    expect(found!.value).toBeLessThanOrEqual(start.value + 1e-4 * found!.step * start.slope);
    expect(Math.abs(found!.slope)).toBeLessThanOrEqual(0.1 * Math.abs(start.slope));
    expect(tried.at(-1)).toBe(found!.step);
    expect(tried.length).toBeLessThan(25);
  });

  it('gives the lowest point, evaluated last, where tries run out', () => {
    for (let evaluations = 1; evaluations < 6; evaluations++) {
      const { found, tried, start } = run(lines['function 3']!, 0.1, evaluations, [1e-4, 1e-6]);
      expect(tried.length).toBeLessThanOrEqual(evaluations + 1);
      expect(found!.value).toBeLessThan(start.value);
      expect(tried.at(-1)).toBe(found!.step);
    }
  });

  it('finds nothing where nothing is lower', () => {
    // The slope promises what the values do not hold.
    expect(run((t) => [t, -1], 1).found).toBeUndefined();
    expect(run((t) => [t === 0 ? 0 : Number.NaN, -1], 1).found).toBeUndefined();
  });
});
