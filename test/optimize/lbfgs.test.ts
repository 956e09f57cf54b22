import { beforeEach, describe, expect, it } from 'vitest';
import { InputError, NotFiniteError, WeightsError } from '../../src/core/errors.ts';
import { Lbfgs, type LbfgsOptions, lbfgsHistory } from '../../src/optimize/lbfgs.ts';
import { Engine } from '../../src/runtime/engine.ts';
import { bfgsPath, rosenbrock, type Value } from '../oracle/lbfgs.ts';
import { relativeError } from '../support/compare.ts';

let engine: Engine;
beforeEach(() => {
  engine = new Engine();
});

/** A search in wasm memory for a function of plain arrays. */
function search(f: Value, start: ArrayLike<number>, options: LbfgsOptions = {}) {
  const n = start.length;
  const { address } = engine.regions.allocate(n * 4);
  engine.memory.f32(address, n).set(start);
  const lbfgs = new Lbfgs(n, { engine, ...options });
  let evaluated: Float32Array | undefined;
  const evaluate = (point: number, gradient: number): number => {
    evaluated = engine.memory.f32(point, n).slice();
    const at = f(Float64Array.from(evaluated));
    engine.memory.f32(gradient, n).set(at.gradient);
    return at.value;
  };
  return {
    lbfgs,
    step: () => lbfgs.step(address, evaluate),
    point: () => engine.memory.f32(address, n).slice(),
    evaluated: () => evaluated!,
    put: (values: ArrayLike<number>) => engine.memory.f32(address, n).set(values),
  };
}

/** Σ cᵢ (xᵢ − i)² / 2, whose curvatures spread over four orders of magnitude. */
const quadratic: Value = (x) => {
  const curvature = (i: number): number => 10 ** ((4 * i) / (x.length - 1));
  return {
    value: x.reduce((sum, v, i) => sum + (curvature(i) * (v - i) ** 2) / 2, 0),
    gradient: x.map((v, i) => curvature(i) * (v - i)),
  };
};

describe('L-BFGS', () => {
  it('finds the minimum of Rosenbrock’s valley', () => {
    const run = search(rosenbrock, [-1.2, 1]);
    let steps = 0;
    while (run.step().moved && steps < 100) steps++;
    expect(steps).toBeLessThan(60);
    for (const value of run.point()) expect(value).toBeCloseTo(1, 3);
  });

  it.each([3, 20])('finds the minimum of an ill-conditioned quadratic with %i pairs', (history) => {
    const run = search(quadratic, new Float32Array(12).fill(5), { history });
    let steps = 0;
    while (run.step().moved && steps < 300) steps++;
    expect(
      relativeError(
        run.point(),
        Array.from({ length: 12 }, (_, i) => i),
      ),
    ).toBeLessThan(2e-3);
  });

  it('goes the way of a float64 BFGS with its matrix written out', () => {
    const start = [-1.2, 1, 0.5, -0.3, 2, 1.5, -0.7, 0.2];
    const run = search(rosenbrock, start, { firstStep: 0.5 });
    for (const [k, expected] of bfgsPath(rosenbrock, start, 12, 0.5).entries()) {
      expect(run.step().moved).toBe(true);
      expect(relativeError(run.point(), expected), `iteration ${k + 1}`).toBeLessThan(2e-3);
    }
  });

  it('tries a first step of the length that was asked for', () => {
    const run = search(quadratic, new Float32Array(12), { firstStep: 1e-3, evaluations: 1 });
    run.step();
    expect(Math.hypot(...run.point())).toBeCloseTo(1e-3, 8);
  });

  it('evaluates the point last where an iteration ends, moved or not', () => {
    const run = search(rosenbrock, [-1.2, 1]);
    let moved = true;
    for (let k = 0; k < 100 && moved; k++) {
      const step = run.step();
      moved = step.moved;
      expect([...run.evaluated()]).toEqual([...run.point()]);
      expect(step.value).toBe(rosenbrock(Float64Array.from(run.point())).value);
    }
    expect(moved).toBe(false);
  });

  it('goes on from a state with the same bits, at any iteration', () => {
    const whole = search(rosenbrock, [-1.2, 1, 2, 2], { history: 3 });
    const states = Array.from({ length: 14 }, () => {
      const before = { point: whole.point(), state: whole.lbfgs.state() };
      whole.step();
      return before;
    });
    for (const [k, { point, state }] of states.entries()) {
      const again = search(rosenbrock, point, { history: 3 });
      again.lbfgs.restore(state);
      for (let i = k; i < states.length; i++) again.step();
      expect([...again.point()], `from iteration ${k}`).toEqual([...whole.point()]);
      again.lbfgs.close();
    }
    expect(states.map(({ state }) => state.get('s')!.shape[0])).toEqual([0, 1, 2, ...new Array(11).fill(3)]);
  });

  it('evaluates anew where somebody moved the point', () => {
    const run = search(quadratic, new Float32Array(12));
    run.step();
    run.put(new Float32Array(12).fill(3));
    run.lbfgs.moved();
    const before = quadratic(new Float64Array(12).fill(3)).value;
    expect(run.step().value).toBeLessThan(before);
  });

  it('steps back from where the function is no number', () => {
    // Σ x − log x in all but name: no number at or below 0.
    const barrier: Value = (x) => ({
      value: x.reduce((sum, v) => sum + (v > 0 ? v + 1 / v : Number.NaN), 0),
      gradient: x.map((v) => 1 - 1 / (v * v)),
    });
    const run = search(barrier, [5, 0.2], { firstStep: 100 });
    for (let k = 0; k < 30 && run.step().moved; k++);
    for (const value of run.point()) expect(value).toBeCloseTo(1, 3);
  });

  it('keeps 100 pairs, or fewer of large vectors, within 128 MiB', () => {
    expect(lbfgsHistory(2)).toBe(100);
    expect(lbfgsHistory(128 * 128 * 3)).toBe(100);
    expect(lbfgsHistory(256 * 256 * 3)).toBe(12);
    expect(lbfgsHistory(512 * 512 * 3)).toBe(12);
    expect(lbfgsHistory(768 * 768 * 3)).toBe(9);
    expect(lbfgsHistory(8000 * 8000 * 3)).toBe(2);
    for (const side of [300, 512, 1024]) expect(lbfgsHistory(side * side * 3) * side * side * 24).toBeLessThan(2 ** 27);
  });

  it('gives its memory back', () => {
    const before = engine.regions.usedBytes;
    const lbfgs = new Lbfgs(1000, { engine, history: 5 });
    expect(engine.regions.usedBytes - before).toBe(lbfgs.bytes);
    lbfgs.close();
    lbfgs.close();
    expect(engine.regions.usedBytes).toBe(before);
    expect(() => lbfgs.step(1024, () => 0)).toThrow('lbfgs: it is closed');
  });

  it('refuses what is no number, and changes nothing', () => {
    const run = search(() => ({ value: Number.NaN, gradient: new Float64Array(2) }), [1, 2]);
    expect(() => run.step()).toThrow(NotFiniteError);
    expect([...run.point()]).toEqual([1, 2]);
  });

  it.each<[string, LbfgsOptions]>([
    ['history', { history: 0 }],
    ['evaluations', { evaluations: 1.5 }],
    ['firstStep', { firstStep: Number.NaN }],
    ['decrease', { decrease: 0.95 }],
  ])('refuses a wrong %s', (name, options) => {
    expect(() => new Lbfgs(2, { engine, ...options })).toThrow(InputError);
    expect(() => new Lbfgs(2, { engine, ...options })).toThrow(name);
  });

  it('refuses a state of another size', () => {
    const run = search(rosenbrock, [0, 0], { history: 2 });
    const pairs = (shape: number[]) => ({ shape, values: new Float32Array(shape[0]! * shape[1]!).fill(1) });
    expect(() => run.lbfgs.restore(new Map())).toThrow('lbfgs: tensor "s" is missing');
    for (const shape of [
      [3, 2],
      [1, 3],
    ])
      expect(() => run.lbfgs.restore(new Map([['s', pairs(shape)]]))).toThrow(WeightsError);
    const uneven = new Map([
      ['s', pairs([1, 2])],
      ['y', pairs([2, 2])],
    ]);
    expect(() => run.lbfgs.restore(uneven)).toThrow(WeightsError);
  });
});
