import { describe, expect, it } from 'vitest';
import { NotFiniteError } from '../../src/core/errors.ts';
import { gradCheck } from '../../src/graph/grad-check.ts';
import { Graph } from '../../src/graph/graph.ts';
import { batchNorm } from '../../src/graph/ops/batch-norm.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { dense } from '../../src/graph/ops/dense.ts';
import { external } from '../../src/graph/ops/external.ts';
import { softmaxCrossEntropy } from '../../src/graph/ops/softmax-cross-entropy.ts';
import { tanh } from '../../src/graph/ops/tanh.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { randomArray } from '../support/random.ts';
import { SIDE, toyBatch, toyNet, toyParameters } from '../support/toy-net.ts';

const BATCH = 6;
const toyData = () => {
  const { x, labels } = toyBatch(BATCH, 2);
  return { x: { shape: [BATCH, SIDE, SIDE, 1], values: x }, labels: { shape: [BATCH], values: labels } };
};

/** x [4,5] → an op of the user's own, squares, with its gradient spoilt → dense → cross-entropy. */
function squares(spoil: (gradient: Float32Array) => void) {
  const graph = new Graph();
  const first = graph.apply(dense, [graph.input('x')], { name: 'first', parameters: { filters: 'v' } });
  const y = graph.apply(external, [first], {
    attributes: {
      shape: ([x]) => x!,
      forward: ([x], out) => out.set(x!.map((v) => v * v)),
      backward: ([x], _, gradient, [dx]) => {
        dx!.set(gradient.map((g, i) => 2 * x![i]! * g));
        spoil(dx!);
      },
    },
  });
  const logits = graph.apply(dense, [y], { name: 'logits', parameters: { filters: 'w' } });
  graph.apply(softmaxCrossEntropy, [logits, graph.input('labels')], { name: 'loss' });
  return gradCheck(graph, {
    parameters: parametersOf({
      v: { shape: [5, 6], values: randomArray(30, 1) },
      w: { shape: [6, 3], values: randomArray(18, 2) },
    }),
    inputs: {
      x: { shape: [4, 5], values: randomArray(20, 3) },
      labels: { shape: [4], values: Float32Array.of(0, 2, 1, 0) },
    },
    loss: 'loss',
    nodes: ['x'],
  });
}

describe('gradCheck', () => {
  it('agrees with gradients that are right, to about what float32 can tell', () => {
    const report = squares(() => undefined);
    expect(report.agrees).toBe(true);
    expect(report.checks.map(({ name }) => name).sort()).toEqual(['v', 'w', 'x']);
    for (const { name, difference, resolution } of report.checks) {
      expect(difference, name).toBeLessThan(2e-4);
      expect(resolution, name).toBeLessThan(2e-4);
    }
  });

  it.each([
    ['is a tenth too long', (dx: Float32Array) => dx.set(dx.map((g) => g * 1.1)), 0.09, 0.1],
    ['points the other way', (dx: Float32Array) => dx.set(dx.map((g) => -g)), 1.9, 2.1],
    ['lacks a row', (dx: Float32Array) => dx.fill(0, 6, 12), 0.01, 10],
    ['is missing', (dx: Float32Array) => dx.fill(0), 1, Number.POSITIVE_INFINITY],
  ])('finds a gradient that %s, and only that', (_, spoil, least, most) => {
    const { agrees, checks } = squares(spoil);
    expect(agrees).toBe(false);
    const wrong = checks.filter((check) => !check.agrees);
    expect(wrong.map(({ name }) => name).sort()).toEqual(['v', 'x']);
    expect(checks.at(-1)!.name).toBe('w');
    for (const { difference } of wrong) {
      expect(difference).toBeGreaterThan(least);
      expect(difference).toBeLessThan(most);
    }
  });

  it('agrees with a net that has kinks', () => {
    const report = gradCheck(toyNet(), {
      parameters: toyParameters(),
      inputs: toyData(),
      loss: 'loss',
      tolerance: 0.01,
    });
    expect(report.agrees, JSON.stringify(report.checks[0])).toBe(true);
    expect(report.checks.length).toBe(6);
  });

  it('knows a gradient of 0 for what it is', () => {
    const graph = new Graph();
    // What a batch normalisation takes the mean of needs no bias.
    const y = graph.apply(conv, [graph.input('x')], { parameters: { filters: 'f', bias: 'bias' } });
    const normed = graph.apply(batchNorm, [y], { attributes: { mode: 'train' } });
    const flat = graph.apply(conv, [graph.apply(tanh, [normed])], { parameters: { filters: 'g' } });
    graph.apply(external, [flat], {
      name: 'loss',
      attributes: {
        shape: () => [1],
        forward: ([x], out) => out.set([x!.reduce((sum, v) => sum + v, 0)]),
        backward: (_, __, [g], [dx]) => dx!.fill(g!),
      },
    });
    const report = gradCheck(graph, {
      parameters: parametersOf({
        f: { shape: [3, 3, 2, 4], values: randomArray(72, 1) },
        bias: { shape: [4], values: randomArray(4, 2) },
        g: { shape: [1, 1, 4, 2], values: randomArray(8, 3) },
      }),
      inputs: { x: { shape: [2, 6, 6, 2], values: randomArray(144, 4) } },
      loss: 'loss',
    });
    expect(report.agrees, JSON.stringify(report.checks)).toBe(true);
    expect(report.checks.find(({ name }) => name === 'bias')!.norm).toBeLessThan(1e-4);
  });

  it('leaves parameters, inputs and memory as they were', () => {
    const engine = createEngine();
    const parameters = toyParameters();
    const inputs = toyData();
    const before = inputs.x.values.slice();
    gradCheck(toyNet(), { parameters, inputs, loss: 'loss', trainable: ['w'], nodes: ['x'], engine });
    expect(engine.regions.usedBytes).toBe(0);
    expect(inputs.x.values).toEqual(before);
    expect(parameters.read('w')).toEqual(toyParameters().read('w'));
  });

  it('refuses a loss that is not finite', () => {
    const inputs = toyData();
    inputs.x.values[3] = Number.NaN;
    const check = () => gradCheck(toyNet(), { parameters: toyParameters(), inputs, loss: 'loss' });
    expect(check).toThrow(NotFiniteError);
    expect(check).toThrow('gradCheck: the loss "loss" is NaN');
  });
});
