import { describe, expect, it } from 'vitest';
import { InputError, NotFiniteError, WeightsError } from '../../src/core/errors.ts';
import { refreshParameters } from '../../src/graph/packed.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import type { TrainOptions } from '../../src/graph/train-options.ts';
import { type TrainingPlan, type TrainingPlanOptions, trainingPlan } from '../../src/graph/training-plan.ts';
import { adam } from '../../src/optimize/adam.ts';
import { rmsprop } from '../../src/optimize/rmsprop.ts';
import { sgd } from '../../src/optimize/sgd.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { type ToyOptions, toyBatch, toyInputs, toyNet, toyParameters } from '../support/toy-net.ts';

const BATCH = 8;
const momentum = sgd({ learningRate: 0.05, momentum: 0.9 });

function toyTraining(
  train: Partial<TrainOptions> = {},
  options: Partial<TrainingPlanOptions> & { readonly net?: ToyOptions; readonly batch?: number } = {},
): TrainingPlan {
  const { net = {}, batch = BATCH, ...rest } = options;
  return trainingPlan(toyNet(net), {
    parameters: toyParameters({ depth: net.depth ?? 1 }),
    inputs: { ...toyInputs(batch), ...(net.drop && { key: [2] }) },
    train: { loss: 'loss', optimizer: momentum, ...train },
    ...rest,
  });
}

/** Values of all that changes, by name. */
const valuesOf = (training: TrainingPlan) =>
  Object.fromEntries(training.learned.map((name) => [name, training.parameters.read(name)]));

/** Takes so many steps on batches of their own; gives the losses. */
function train(training: TrainingPlan, steps: number, { from = 0, batch = BATCH, drop = false } = {}): number[] {
  return Array.from({ length: steps }, (_, i) => {
    training.step({ ...toyBatch(batch, from + i), ...(drop && { key: Float32Array.of(5, from + i) }) });
    return training.report.loss;
  });
}

describe('a training plan', () => {
  it.each([
    ['sgd', sgd({ learningRate: 0.2 })],
    ['momentum', sgd({ learningRate: 0.05, momentum: 0.9 })],
    ['nesterov', sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true })],
    ['adam', adam({ learningRate: 0.02 })],
    ['rmsprop', rmsprop({ learningRate: 0.005 })],
  ])('learns a toy set to zero loss by %s', (_, optimizer) => {
    const training = toyTraining({ optimizer });
    const batch = toyBatch(BATCH, 3);
    const first = training.step(batch).loss![0]!;
    for (let i = 0; i < 400; i++) training.step(batch);
    const [loss, accuracy] = training.step(batch).loss!;
    expect(first).toBeGreaterThan(1);
    expect(loss).toBeLessThan(0.01);
    expect(accuracy).toBe(1);
  });

  it('gives the loss and outputs before the update, in arrays of the caller', () => {
    const training = toyTraining({}, { outputs: ['logits'] });
    const evaluated = plan(toyNet(), {
      parameters: toyParameters(),
      inputs: toyInputs(BATCH),
      outputs: ['logits', 'loss'],
    });
    const batch = toyBatch(BATCH, 1);
    const into = { logits: new Float32Array(BATCH * 4), loss: new Float32Array(2) };
    expect(training.step(batch, into)).toBe(into);
    const expected = evaluated.run(batch);
    expect(into.loss).toEqual(expected.loss);
    expect(into.logits).toEqual(expected.logits);
    expect(training.report).toMatchObject({ loss: into.loss[0], updated: true, learningRate: 0.05, clipped: false });
    expect(training.updates).toBe(1);
  });

  it('leaves the store that it started from as it is', () => {
    const parameters = toyParameters();
    const before = parameters.read('w');
    const training = toyTraining({}, { parameters });
    train(training, 3);
    expect(parameters.read('w')).toEqual(before);
    expect(training.parameters.read('w')).not.toEqual(before);
    expect(training.parameters.names).toEqual(parameters.names);
  });

  it('keeps memory constant over 1,000 steps', () => {
    const engine = createEngine();
    const training = toyTraining({ accumulate: 3, clipNorm: 1, recompute: true }, { engine, net: { depth: 3 } });
    const batch = toyBatch(BATCH, 1);
    training.step(batch);
    const before = [engine.memory.bytes, engine.regions.usedBytes];
    for (let i = 0; i < 1000; i++) training.step(batch);
    expect([engine.memory.bytes, engine.regions.usedBytes]).toEqual(before);
    expect(training.updates).toBe(333);
  });

  it.each([false, true])('prints the peak that memory grows by, recomputing: %s', (recompute) => {
    const engine = createEngine();
    const before = engine.memory.bytes;
    const batch = 512;
    const options = { engine, batch, net: { depth: 6, norm: true } };
    const training = toyTraining({ optimizer: adam({ learningRate: 0.01 }), recompute }, options);
    train(training, 2, { batch });
    const [peak, learning] = training.describe().split('\n').slice(-2);
    const printed = Number(/optimizer \d+\.\d\d MB = peak (\d+\.\d\d) MB$/.exec(peak!)?.[1]);
    const grown = (engine.memory.bytes - before) / 2 ** 20;
    expect(grown).toBeGreaterThan(2);
    expect(Math.abs(printed / grown - 1), `printed ${printed}, grown ${grown}`).toBeLessThan(0.05);
    expect(learning).toMatch(/^23 parameters learn by adam/);
  });

  it('gives back all that is its own', () => {
    const engine = createEngine();
    const training = toyTraining({ trainable: ['w', 'b'] }, { engine });
    train(training, 1);
    const frozen = engine.regions.usedBytes - training.workspaceBytes;
    training.close();
    training.close();
    expect(engine.regions.usedBytes).toBeLessThan(frozen);
    expect(() => train(training, 1)).toThrow('training: the plan is closed');
    expect(() => training.parameters.read('w')).toThrow('training: the plan is closed, and "w" went with it');
    expect(training.parameters.read('w0').length).toBe(72);
  });

  it('frees what it took where it cannot be made', () => {
    const engine = createEngine();
    expect(() => toyTraining({}, { engine, inputs: { x: [8, 8, 8, 1], labels: [7] } })).toThrow('labels [N]');
    const used = engine.regions.usedBytes;
    expect(() => toyTraining({}, { engine, inputs: { x: [8, 8, 8, 1], labels: [7] } })).toThrow('labels [N]');
    expect(engine.regions.usedBytes).toBe(used);
  });
});

describe('what learns', () => {
  it('is all that the loss depends on, without running averages', () => {
    expect(toyTraining().trainable).toEqual(['w0', 'b0', 'w1', 'b1', 'w', 'b']);
    const normed = toyTraining({}, { net: { norm: true } });
    expect(normed.trainable).toEqual(['w0', 's0', 't0', 'w1', 's1', 't1', 'w', 'b']);
    expect(normed.learned.slice(8)).toEqual(['mean0', 'variance0', 'mean1', 'variance1']);
  });

  it.each([
    ['names', ['b', 'w']],
    ['a test of names', (name: string) => name.length === 1],
  ])('is what %s say; the rest stays the same bits', (_, trainable) => {
    const training = toyTraining({ trainable });
    const before = toyParameters();
    train(training, 5);
    expect(training.trainable).toEqual(['w', 'b']);
    for (const name of ['w0', 'b0', 'w1', 'b1']) expect(training.parameters.read(name)).toEqual(before.read(name));
    for (const name of ['w', 'b']) expect(training.parameters.read(name)).not.toEqual(before.read(name));
  });

  it('does no work and keeps nothing for frozen layers', () => {
    const batch = 64;
    const [whole, head] = [toyTraining({}, { batch }), toyTraining({ trainable: ['w', 'b'] }, { batch })];
    const forward = plan(toyNet(), { parameters: toyParameters(), inputs: toyInputs(batch) });
    expect(head.workspaceBytes).toBeLessThan(forward.workspaceBytes * 1.01);
    expect(whole.workspaceBytes).toBeGreaterThan(forward.workspaceBytes * 1.2);
    for (const { node, at } of head.steps.slice(0, 3)) {
      expect(at.state, node.name).toBe(0);
      expect(at.backwardWeights, node.name).toBe(0);
    }
    head.step(toyBatch(batch, 1));
    const { at } = head.steps.find(({ node }) => node.name === 'logits')!;
    expect(at.inputGradients).toEqual([0]);
    expect(at.parameterGradients.filters).toBeGreaterThan(0);
  });

  it('takes frozen filters from the forms that plans share', () => {
    const engine = createEngine();
    const parameters = toyParameters();
    plan(toyNet(), { parameters, inputs: toyInputs(BATCH), engine });
    const before = engine.regions.usedBytes;
    const training = toyTraining({ trainable: ['w', 'b'] }, { engine, parameters });
    const own = training.workspaceBytes + training.optimizerBytes;
    expect(engine.regions.usedBytes - before - own).toBeLessThan(1024);
  });

  it('sums the gradients of nodes that share a parameter', () => {
    const net = { depth: 3, shared: true };
    const training = toyTraining({ optimizer: sgd({ learningRate: 1 }) }, { net });
    const gradients = plan(toyNet(net), {
      parameters: toyParameters({ depth: 3 }),
      inputs: toyInputs(BATCH),
      gradients: { parameters: 'all' },
    });
    const batch = toyBatch(BATCH, 2);
    gradients.run(batch);
    const { w1 } = gradients.backward({ loss: Float32Array.of(1, 0) }).parameters;
    const before = training.parameters.read('w1');
    training.step(batch);
    expect(training.trainable).toEqual(['w0', 'b0', 'w1', 'b1', 'w', 'b']);
    expect(training.parameters.read('w1')).toEqual(before.map((value, i) => value - w1![i]!));
  });
});

describe('accumulation', () => {
  it('of two halves is one whole batch, where the loss is a mean', () => {
    const [whole, halves] = [toyTraining(), toyTraining({ accumulate: 2 }, { batch: BATCH / 2 })];
    for (let step = 0; step < 5; step++) {
      const { x, labels } = toyBatch(BATCH, step);
      whole.step({ x, labels });
      const middle = x.length / 2;
      halves.step({ x: x.subarray(0, middle), labels: labels.subarray(0, BATCH / 2) });
      expect(halves.report.updated).toBe(false);
      halves.step({ x: x.subarray(middle), labels: labels.subarray(BATCH / 2) });
      expect(halves.report.updated).toBe(true);
      expect(halves.report.gradientNorm).toBeCloseTo(whole.report.gradientNorm, 5);
    }
    expect(halves.updates).toBe(5);
    for (const [name, values] of Object.entries(valuesOf(whole)))
      expect(relativeError(halves.parameters.read(name), values), name).toBeLessThan(tolerance.sum);
  });
});

describe('clipping', () => {
  it('scales all gradients by one number, down to the norm, and reports', () => {
    const optimizer = sgd({ learningRate: 1 });
    const [free, clipped, roomy] = [{}, { clipNorm: 0.01 }, { clipNorm: 1e3 }].map((options) =>
      toyTraining({ optimizer, ...options }),
    ) as [TrainingPlan, TrainingPlan, TrainingPlan];
    const start = valuesOf(free);
    for (const training of [free, clipped, roomy]) training.step(toyBatch(BATCH, 4));
    expect(clipped.report).toMatchObject({ clipped: true, gradientNorm: free.report.gradientNorm });
    expect(roomy.report.clipped).toBe(false);
    expect(valuesOf(roomy)).toEqual(valuesOf(free));
    let squares = 0;
    for (const [name, before] of Object.entries(start)) {
      const [a, b] = [free, clipped].map((training) => training.parameters.read(name).map((v, i) => before[i]! - v));
      expect(
        relativeError(
          b!,
          a!.map((v) => (v * 0.01) / free.report.gradientNorm),
        ),
        name,
      ).toBeLessThan(1e-3);
      squares += b!.reduce((sum, v) => sum + v * v, 0);
    }
    expect(Math.sqrt(squares)).toBeCloseTo(0.01, 5);
  });
});

describe('recomputation', () => {
  const net = { depth: 7, norm: true, drop: true };
  const batch = 32;
  const toy = (recompute: TrainOptions['recompute'], options: Partial<TrainingPlanOptions> = {}) =>
    toyTraining({ ...(recompute && { recompute }) }, { net, batch, ...options });

  it.each([
    ['of about √n segments', true],
    ['between nodes that are named', ['pool', 'relu2', 'relu4', 'relu5']],
    ['of single steps', ['conv0', 'relu0', 'pool', 'relu1', 'conv3', 'conv4', 'relu4']],
  ] as const)('%s gives the same bits in less memory', (_, recompute) => {
    const [kept, again] = [toy(false), toy(recompute)];
    expect(train(again, 6, { batch, drop: true })).toEqual(train(kept, 6, { batch, drop: true }));
    expect(valuesOf(again)).toEqual(valuesOf(kept));
    expect(again.workspaceBytes).toBeLessThan(kept.workspaceBytes);
    expect(again.describe()).toMatch(/\d+ of \d+ steps computed again/);
  });

  it('halves the memory of a deep net', () => {
    const deep = { depth: 40 };
    const [kept, again] = [false, true].map((recompute) => toyTraining({ recompute }, { net: deep, batch }));
    expect(again!.workspaceBytes).toBeLessThan(kept!.workspaceBytes / 2);
  });

  it('refuses a node that no step ends with', () => {
    expect(() => toy(['nowhere'])).toThrow('recompute: "nowhere" must name a node that a step ends with: conv0');
  });
});

describe('a loss or gradient that is not finite', () => {
  it('is an error that changes nothing', () => {
    const [training, other] = [toyTraining(), toyTraining()];
    train(training, 2);
    train(other, 2);
    const { x, labels } = toyBatch(BATCH, 2);
    const broken = x.slice();
    broken[100] = Number.NaN;
    expect(() => training.step({ x: broken, labels })).toThrow(NotFiniteError);
    expect(() => training.step({ x: broken, labels })).toThrow(
      'training: the loss "loss" is NaN at update 2; nothing was changed',
    );
    train(training, 3, { from: 2 });
    train(other, 3, { from: 2 });
    expect(valuesOf(training)).toEqual(valuesOf(other));
  });

  it('does not spoil what was gathered', () => {
    const [training, other] = [toyTraining({ accumulate: 2 }), toyTraining({ accumulate: 2 })];
    const { x, labels } = toyBatch(BATCH, 0);
    for (const each of [training, other]) each.step({ x, labels });
    expect(() => training.step({ x: x.map(() => Number.NaN), labels })).toThrow(NotFiniteError);
    for (const each of [training, other]) each.step(toyBatch(BATCH, 1));
    expect(training.updates).toBe(1);
    expect(valuesOf(training)).toEqual(valuesOf(other));
  });

  it('is found where only the gradient has one', () => {
    const training = toyTraining({ trainable: ['w', 'b'] });
    training.setParameter(
      'w',
      training.parameters.read('w').map((_, i) => (i % 4 === 0 ? 1e38 : -1e38)),
    );
    training.setParameter('b', [1, 2, 3, 4]);
    const before = valuesOf(training);
    expect(() => train(training, 1)).toThrow('nothing was changed');
    expect(valuesOf(training)).toEqual(before);
  });

  it('is refused of data that an op cannot take, too', () => {
    const training = toyTraining();
    const before = valuesOf(training);
    const { x } = toyBatch(BATCH, 1);
    expect(() => training.step({ x, labels: new Float32Array(BATCH).fill(4) })).toThrow('labels must be whole numbers');
    expect(valuesOf(training)).toEqual(before);
  });
});

describe('checkpoints', () => {
  it.each([
    ['sgd', sgd({ learningRate: 0.1 }), []],
    ['momentum', sgd({ learningRate: (step) => 0.1 / (1 + step), momentum: 0.9 }), ['velocity']],
    ['adam', adam({ learningRate: 0.01, weightDecay: 0.1 }), ['m', 'v']],
    ['rmsprop', rmsprop({ learningRate: 0.01, momentum: 0.5 }), ['square', 'velocity']],
  ] as const)('of %s resume with the same bits, in the middle of an update too', (_, optimizer, states) => {
    const options = { net: { norm: true, drop: true } };
    const make = () => toyTraining({ optimizer, accumulate: 2 }, options);
    const straight = make();
    const losses = train(straight, 14, { drop: true });
    const first = make();
    train(first, 7, { drop: true });
    const [state, parameters] = [
      first.state(),
      parametersOf(
        Object.fromEntries(
          first.learned.map((name) => [
            name,
            { shape: first.parameters.get(name).shape, values: first.parameters.read(name) },
          ]),
        ),
      ),
    ];
    first.close();
    expect([...state.keys()].filter((key) => key.endsWith('/w0'))).toEqual(
      [...states, 'gradient'].map((name) => `${name}/w0`),
    );
    expect(state.get('step')!.values).toEqual(Float32Array.of(3));
    const second = make();
    train(second, 3, { from: 50, drop: true });
    second.restore(parameters, state);
    expect(train(second, 7, { from: 7, drop: true })).toEqual(losses.slice(7));
    expect(valuesOf(second)).toEqual(valuesOf(straight));
    expect(second.state()).toEqual(straight.state());
  });

  it.each([
    [
      'lacks a tensor',
      (s: Map<string, unknown>) => s.delete('velocity/w1'),
      'restore: tensor "velocity/w1" is missing',
    ],
    ['lacks the count', (s: Map<string, unknown>) => s.delete('step'), 'restore: tensor "step" is missing'],
    [
      'is of another optimiser',
      (s: Map<string, unknown>) => s.set('m/w1', { shape: [1], values: Float32Array.of(0) }),
      'restore: tensor "m/w1" is none that sgd keeps',
    ],
    [
      'is of another graph',
      (s: Map<string, unknown>) => s.set('velocity/b', { shape: [5], values: new Float32Array(5) }),
      'restore: tensor "velocity/b" must be [4], got [5]',
    ],
    [
      'is cut short',
      (s: Map<string, unknown>) => s.set('velocity/b', { shape: [4], values: new Float32Array(3) }),
      'restore: tensor "velocity/b" [4] needs 4 values, got 3',
    ],
    [
      'holds NaN',
      (s: Map<string, unknown>) => s.set('velocity/b', { shape: [4], values: Float32Array.of(0, Number.NaN, 0, 0) }),
      'restore: tensor "velocity/b" has NaN at 1',
    ],
    [
      'counts wrongly',
      (s: Map<string, unknown>) => s.set('step', { shape: [1], values: Float32Array.of(1.5) }),
      'restore: "step" must be one whole number',
    ],
  ])('are refused where the state %s, and nothing is lost', (_, spoil, message) => {
    const training = toyTraining();
    train(training, 2);
    const [values, state] = [valuesOf(training), training.state()];
    const other = toyTraining();
    const spoilt = new Map<string, never>(other.state() as Map<string, never>);
    spoil(spoilt);
    expect(() => training.restore(other.parameters, spoilt)).toThrow(WeightsError);
    expect(() => training.restore(other.parameters, spoilt)).toThrow(message);
    expect(valuesOf(training)).toEqual(values);
    expect(training.state()).toEqual(state);
  });

  it('are refused where parameters are of another graph', () => {
    const training = toyTraining();
    const other = toyParameters();
    const shapes = (name: string) => (name === 'w1' ? [3, 3, 16, 4] : other.get(name).shape);
    const wrong = parametersOf(
      Object.fromEntries(other.names.map((name) => [name, { shape: shapes(name), values: other.read(name) }])),
    );
    expect(() => training.restore(wrong, training.state())).toThrow('tensor "w1" must be [3,3,8,8], got [3,3,16,4]');
    expect(() => training.restore(parametersOf({}), training.state())).toThrow('tensor "w0" is missing');
  });
});

describe('parameters of a training plan', () => {
  it('are what plans for evaluation compute with, once refreshed', () => {
    const engine = createEngine();
    const training = toyTraining({}, { engine });
    const evaluation = plan(toyNet(), { parameters: training.parameters, inputs: toyInputs(BATCH), engine });
    const batch = toyBatch(BATCH, 9);
    const before = evaluation.run(batch).loss!;
    train(training, 4);
    expect(evaluation.run(batch).loss).toEqual(before);
    const used = engine.regions.usedBytes;
    refreshParameters(engine, training.parameters);
    expect(engine.regions.usedBytes).toBe(used);
    const after = evaluation.run(batch).loss!;
    expect(after).not.toEqual(before);
    expect(training.step(batch).loss).toEqual(after);
  });

  it('can be set where they learn or are running averages, and nowhere else', () => {
    const training = toyTraining({ trainable: (name) => name !== 'w0' }, { net: { norm: true } });
    const mean = Float32Array.from({ length: 8 }, (_, i) => i);
    training.setParameter('mean1', mean);
    training.setParameter('b', [4, 3, 2, 1]);
    expect(training.parameters.read('mean1')).toEqual(mean);
    expect([...training.parameters.read('b')]).toEqual([4, 3, 2, 1]);
    train(training, 2);
    expect(training.parameters.read('mean1')).toEqual(mean);
    expect(() => training.setParameter('w0', mean)).toThrow('"w0" is frozen');
    expect(() => training.setParameter('w9', mean)).toThrow('tensor "w9" is missing');
    expect(() => training.setParameter('b', mean)).toThrow('tensor "b" [4] needs 4 values, got 8');
    expect(() => training.setParameter('b', [1, 2, Number.NaN, 4])).toThrow('tensor "b" has NaN at 2');
  });
});

describe('threads', () => {
  it('give the same bits', async () => {
    const engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
    const results = engines.map((engine) => {
      const training = toyTraining({ optimizer: adam({ learningRate: 0.01 }), clipNorm: 1 }, { engine, batch: 32 });
      train(training, 10, { batch: 32 });
      return valuesOf(training);
    });
    for (const engine of engines) engine.close();
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

describe('a training plan refuses', () => {
  it.each([
    ['a loss that is no node', () => toyTraining({ loss: 'cost' }), 'no node is called "cost"'],
    [
      'to train what the loss does not depend on',
      () => toyTraining({ trainable: ['w', 'w7'] }),
      '"w7" cannot learn, "loss" does not depend on it; it depends on w0, b0, w1, b1, w, b',
    ],
    [
      'to train nothing',
      () => toyTraining({ trainable: () => false }),
      'no parameter that "loss" depends on is to learn',
    ],
    ['a norm of 0', () => toyTraining({ clipNorm: 0 }), 'clipNorm must be above 0, got 0'],
    ['half a call', () => toyTraining({ accumulate: 1.5 }), 'accumulate must be a whole number above 0, got 1.5'],
    ['to report what was not done', () => toyTraining().report, 'no step has been taken yet'],
    [
      'a learning rate that is none',
      () => train(toyTraining({ optimizer: sgd({ learningRate: () => Number.NaN }) }), 1),
      'the learning rate of update 0 must be a finite number of at least 0, got NaN',
    ],
    [
      'a decay that is none',
      () => train(toyTraining({ optimizer: adam({ learningRate: 1, weightDecay: () => Number.NaN }) }), 1),
      'adam: weightDecay must be a number from 0',
    ],
    [
      'a short input',
      () => toyTraining().step({ ...toyBatch(BATCH, 1), labels: new Float32Array(3) }),
      'input "labels" must be a Float32Array of 8',
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });
});
