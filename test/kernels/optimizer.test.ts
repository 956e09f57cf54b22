import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { describe, expect, it } from 'vitest';
import { adamOracle, rmspropOracle, sgdOracle } from '../oracle/optimizer.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

const STEPS = 5;

/** Buffers that a kernel changes, between guards. */
class Trainee {
  readonly sandbox = new Sandbox();
  readonly n: number;
  readonly x: number;

  constructor(n: number) {
    this.n = n;
    this.x = this.buffer(randomArray(n, n));
  }

  buffer(values: ArrayLike<number> = new Float32Array(this.n)): number {
    const address = this.sandbox.output(this.n);
    this.sandbox.engine.memory.f32(address, this.n).set(values);
    return address;
  }

  read(address: number): Float32Array {
    return this.sandbox.read(address, this.n);
  }

  /** Takes steps with seeded gradients; `update` is the oracle for one value. */
  agree(
    step: (gradient: number, t: number) => void,
    update: (x: number, gradient: number, i: number, t: number) => number,
  ): void {
    let expected = Float64Array.from(this.read(this.x));
    for (let t = 1; t <= STEPS; t++) {
      const gradient = randomArray(this.n, 100 + t).map((value) => value * 10 ** (t - 2));
      step(this.sandbox.input(gradient), t);
      expected = expected.map((x, i) => update(x, gradient[i]!, i, t));
    }
    this.sandbox.check();
    expect(relativeError(this.read(this.x), expected)).toBeLessThan(STEPS * tolerance.elementwise);
  }
}

const sizes = [0, ...lengths];

describe('f32_sgd', () => {
  it.each(combinations(sizes, [0, 0.9], [false, true], [0, 0.03]))(
    'of %i, momentum %f, nesterov %s, l2 %f',
    (n, momentum, nesterov, l2) => {
      const trainee = new Trainee(n);
      const velocity = trainee.buffer();
      const states = Array.from({ length: n }, () => ({ velocity: 0 }));
      trainee.agree(
        (g) => trainee.sandbox.kernels.f32_sgd(trainee.x, g, velocity, n, 0.1, momentum, l2, nesterov),
        (x, g, i) => sgdOracle(x, g, states[i]!, { rate: 0.1, momentum, l2, nesterov }),
      );
      expect(
        relativeError(
          trainee.read(velocity),
          Float64Array.from(states, (s) => s.velocity),
        ),
      ).toBeLessThan(STEPS * tolerance.elementwise);
    },
  );

  it.each(combinations(sizes, [0, 0.03]))('of %i without velocities, l2 %f', (n, l2) => {
    const trainee = new Trainee(n);
    trainee.agree(
      (g) => trainee.sandbox.kernels.f32_sgd(trainee.x, g, 0, n, 0.1, 0, l2, false),
      (x, g) => sgdOracle(x, g, { velocity: 0 }, { rate: 0.1, momentum: 0, l2, nesterov: false }),
    );
  });
});

describe('f32_adam', () => {
  const options = { rate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  it.each(combinations(sizes, [0, 0.03], [0, 0.5]))('of %i, l2 %f, decay %f', (n, l2, decay) => {
    const { rate, beta1, beta2, epsilon } = options;
    const trainee = new Trainee(n);
    const [m, v] = [trainee.buffer(), trainee.buffer()];
    const states = Array.from({ length: n }, () => ({ m: 0, v: 0 }));
    trainee.agree(
      (g, t) =>
        trainee.sandbox.kernels.f32_adam(
          trainee.x,
          g,
          m,
          v,
          n,
          rate,
          beta1,
          beta2,
          epsilon,
          1 - beta1 ** t,
          1 - beta2 ** t,
          l2,
          decay,
        ),
      (x, g, i, t) => adamOracle(x, g, states[i]!, t, { ...options, l2, decay }),
    );
    expect(
      relativeError(
        trainee.read(m),
        Float64Array.from(states, (s) => s.m),
      ),
    ).toBeLessThan(1e-6);
    expect(
      relativeError(
        trainee.read(v),
        Float64Array.from(states, (s) => s.v),
      ),
    ).toBeLessThan(1e-6);
  });

  it('moves by the rate at its first step, whatever the gradient, and not at all without one', () => {
    const trainee = new Trainee(6);
    const before = trainee.read(trainee.x);
    const gradient = trainee.sandbox.input([1e-6, -1e-3, 1, -1e4, 1e9, 0]);
    const [m, v] = [trainee.buffer(), trainee.buffer()];
    trainee.sandbox.kernels.f32_adam(trainee.x, gradient, m, v, 6, 0.5, 0.9, 0.999, 1e-12, 1 - 0.9, 1 - 0.999, 0, 0);
    const moved = trainee.read(trainee.x).map((x, i) => x - before[i]!);
    expect(relativeError(moved, [-0.5, 0.5, -0.5, 0.5, -0.5, 0])).toBeLessThan(1e-5);
  });

  it('keeps a NaN in its place', () => {
    const trainee = new Trainee(5);
    const gradient = trainee.sandbox.input([1, Number.NaN, 1, 1, Number.NaN]);
    const [m, v] = [trainee.buffer(), trainee.buffer()];
    trainee.sandbox.kernels.f32_adam(trainee.x, gradient, m, v, 5, 0.5, 0.9, 0.999, 1e-8, 0.1, 0.001, 0, 0);
    expect([...trainee.read(trainee.x)].map(Number.isNaN)).toEqual([false, true, false, false, true]);
  });
});

describe('f32_rmsprop', () => {
  it.each(combinations(sizes, [0, 0.9], [0, 0.03]))('of %i, momentum %f, l2 %f', (n, momentum, l2) => {
    const options = { rate: 0.02, rho: 0.99, epsilon: 1e-3, momentum, l2 };
    const trainee = new Trainee(n);
    const [s, velocity] = [trainee.buffer(), momentum > 0 ? trainee.buffer() : 0];
    const states = Array.from({ length: n }, () => ({ s: 0, velocity: 0 }));
    trainee.agree(
      (g) => trainee.sandbox.kernels.f32_rmsprop(trainee.x, g, s, velocity, n, 0.02, 0.99, 1e-3, momentum, l2),
      (x, g, i) => rmspropOracle(x, g, states[i]!, options),
    );
    expect(
      relativeError(
        trainee.read(s),
        Float64Array.from(states, (state) => state.s),
      ),
    ).toBeLessThan(1e-6);
  });
});

describe('the oracles agree with the optimisers of tfjs', () => {
  const start = randomArray(7, 1);
  const slopes = randomArray(7, 2);

  /** Minimises Σ slopes · x² + x with one of tfjs's optimisers and with an oracle. */
  async function race(optimizer: tf.Optimizer, update: (x: number, g: number, i: number, t: number) => number) {
    await tf.setBackend('cpu');
    const variable = tf.variable(tf.tensor1d(start));
    const [a, b] = [tf.tensor1d(slopes), tf.tensor1d(start)];
    let x = Float64Array.from(start);
    for (let t = 1; t <= STEPS; t++) {
      optimizer.minimize(() => tf.add(tf.sum(tf.mul(a, tf.square(variable))), tf.sum(tf.mul(b, variable))), false, [
        variable,
      ]);
      x = x.map((value, i) => update(value, 2 * slopes[i]! * value + start[i]!, i, t));
    }
    return relativeError(variable.dataSync(), x);
  }

  it.each([
    [0, false],
    [0.9, false],
    [0.9, true],
  ])('momentum %f, nesterov %s', async (momentum, nesterov) => {
    const states = Array.from(start, () => ({ velocity: 0 }));
    const error = await race(tf.train.momentum(0.1, momentum, nesterov), (x, g, i) =>
      sgdOracle(x, g, states[i]!, { rate: 0.1, momentum, nesterov, l2: 0 }),
    );
    expect(error).toBeLessThan(1e-6);
  });

  it('Adam, ε outside the root', async () => {
    const states = Array.from(start, () => ({ m: 0, v: 0 }));
    const options = { rate: 0.1, beta1: 0.8, beta2: 0.99, epsilon: 0.01, l2: 0, decay: 0 };
    const error = await race(tf.train.adam(0.1, 0.8, 0.99, 0.01), (x, g, i, t) =>
      adamOracle(x, g, states[i]!, t, options),
    );
    expect(error).toBeLessThan(1e-5);
  });

  it('RMSprop, where ε is too small to tell its place', async () => {
    const states = Array.from(start, () => ({ s: 0, velocity: 0 }));
    const options = { rate: 0.05, rho: 0.9, epsilon: 1e-12, momentum: 0.5, l2: 0 };
    const error = await race(tf.train.rmsprop(0.05, 0.9, 0.5, 1e-12), (x, g, i) =>
      rmspropOracle(x, g, states[i]!, options),
    );
    expect(error).toBeLessThan(1e-5);
  });
});

describe('f32_axpy and f32_scale', () => {
  it.each(sizes)('of %i', (n) => {
    const sandbox = new Sandbox();
    const [x, y] = [randomArray(n, n), randomArray(n, n + 1)];
    const [sum, product] = [sandbox.output(n), sandbox.output(n)];
    sandbox.engine.memory.f32(sum, n).set(y);
    const at = sandbox.input(x);
    sandbox.kernels.f32_axpy(sum, at, n, -1.75);
    sandbox.kernels.f32_scale(product, at, n, 0.3);
    sandbox.check();
    expect(
      relativeError(
        sandbox.read(sum, n),
        y.map((value, i) => Math.fround(value + Math.fround(-1.75 * x[i]!))),
      ),
    ).toBe(0);
    expect(
      relativeError(
        sandbox.read(product, n),
        x.map((value) => Math.fround(0.3) * value),
      ),
    ).toBe(0);
  });
});
