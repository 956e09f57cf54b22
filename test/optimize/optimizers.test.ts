import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import type { Optimizer } from '../../src/graph/optimizer.ts';
import { adam } from '../../src/optimize/adam.ts';
import { rmsprop } from '../../src/optimize/rmsprop.ts';
import { sgd } from '../../src/optimize/sgd.ts';
import { adamOracle, rmspropOracle, sgdOracle } from '../oracle/optimizer.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';

const N = 9;
const STEPS = 12;

/** Values after some updates with seeded gradients, by an optimiser and by its oracle. */
function errorOf(
  optimizer: Optimizer,
  oracle: (x: number, gradient: number, state: Record<string, number>, step: number) => number,
): number {
  const sandbox = new Sandbox();
  const { kernels, engine } = sandbox;
  const buffer = (values: ArrayLike<number>): number => {
    const address = sandbox.output(N);
    engine.memory.f32(address, N).set(values);
    return address;
  };
  const start = randomArray(N, 1);
  const values = buffer(start);
  const states = optimizer.states.map(() => buffer(new Float32Array(N)));
  const kept = Array.from({ length: N }, () => ({ velocity: 0, m: 0, v: 0, s: 0 }));
  let expected = Float64Array.from(start);
  for (let step = 0; step < STEPS; step++) {
    const gradient = randomArray(N, 50 + step);
    const update = { name: 'w', elements: N, values, gradient: sandbox.input(gradient), states };
    optimizer.update(kernels, update, step);
    expected = expected.map((x, i) => oracle(x, gradient[i]!, kept[i]!, step));
  }
  sandbox.check();
  return relativeError(sandbox.read(values, N), expected);
}

/** A rate that another update has another value of. */
const falling = (step: number) => 0.1 / (1 + step);

describe('optimizers do what their authors write, with rates that are functions of the step', () => {
  it.each([
    { momentum: 0, nesterov: false },
    { momentum: 0.9, nesterov: false },
    { momentum: 0.9, nesterov: true },
  ])('sgd %o', (options) => {
    const optimizer = sgd({ learningRate: falling, weightDecay: 0.01, ...options });
    expect(optimizer.states).toEqual(options.momentum ? ['velocity'] : []);
    const error = errorOf(optimizer, (x, g, state, step) =>
      sgdOracle(x, g, state as { velocity: number }, { rate: falling(step), l2: 0.01, ...options }),
    );
    expect(error).toBeLessThan(STEPS * tolerance.elementwise);
  });

  it.each([true, false])('adam, weights that decay by themselves: %s', (decoupled) => {
    const optimizer = adam({ learningRate: falling, weightDecay: falling, decoupled });
    const error = errorOf(optimizer, (x, g, state, step) =>
      adamOracle(x, g, state as { m: number; v: number }, step + 1, {
        rate: falling(step),
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        l2: decoupled ? 0 : falling(step),
        decay: decoupled ? falling(step) : 0,
      }),
    );
    expect(error).toBeLessThan(STEPS * tolerance.elementwise);
  });

  it.each([0, 0.5])('rmsprop, momentum %f', (momentum) => {
    const optimizer = rmsprop({ learningRate: falling, weightDecay: 0.02, rho: 0.8, momentum });
    expect(optimizer.states.length).toBe(momentum ? 2 : 1);
    const error = errorOf(optimizer, (x, g, state, step) =>
      rmspropOracle(x, g, state as { s: number; velocity: number }, {
        rate: falling(step),
        rho: 0.8,
        epsilon: 1e-8,
        momentum,
        l2: 0.02,
      }),
    );
    expect(error).toBeLessThan(STEPS * tolerance.elementwise);
  });

  it('decay only what is told', () => {
    const options = { learningRate: 0.1, momentum: 0.9, nesterov: false };
    const optimizer = sgd({ ...options, weightDecay: 0.5, decayed: (name) => name !== 'w' });
    const error = errorOf(optimizer, (x, g, state) =>
      sgdOracle(x, g, state as { velocity: number }, { rate: 0.1, l2: 0, ...options }),
    );
    expect(error).toBeLessThan(STEPS * tolerance.elementwise);
  });
});

describe('optimizers refuse', () => {
  it.each([
    ['a negative rate', () => sgd({ learningRate: -1 }), 'sgd: learningRate must be a number from 0 to'],
    ['NaN', () => adam({ learningRate: Number.NaN }), 'adam: learningRate must be'],
    ['a negative decay', () => rmsprop({ learningRate: 1, weightDecay: -1 }), 'rmsprop: weightDecay must be'],
    [
      'a momentum of 1',
      () => sgd({ learningRate: 1, momentum: 1 }),
      'sgd: momentum must be a number from 0 to below 1',
    ],
    ['nesterov without momentum', () => sgd({ learningRate: 1, nesterov: true }), 'sgd: nesterov needs a momentum'],
    ['β of 1', () => adam({ learningRate: 1, beta2: 1 }), 'adam: beta2 must be a number from 0 to below 1, got 1'],
    ['ε of 0', () => adam({ learningRate: 1, epsilon: 0 }), 'adam: epsilon must be a finite number above 0, got 0'],
    ['ρ of 2', () => rmsprop({ learningRate: 1, rho: 2 }), 'rmsprop: rho must be'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
