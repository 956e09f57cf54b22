import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { resolveWindow } from '../../../src/core/window.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { type BatchNormAttributes, batchNorm } from '../../../src/graph/ops/batch-norm.ts';
import { channelMoments } from '../../../src/graph/ops/channel-moments.ts';
import { conv } from '../../../src/graph/ops/conv.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { convolution, convolutionGradients } from '../../oracle/convolution.ts';
import { batchNormOracle } from '../../oracle/normalize.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

/** An input and all parameters, the variance above 0. */
function tensorsOf(shape: Shape, seed: number) {
  const c = shape.at(-1)!;
  const [scale, shift, mean] = [1, 2, 3].map((i) => tensor([c], seed + i));
  const variance = { shape: [c], values: tensor([c], seed + 4).values.map((value) => value + 1.5) };
  return { x0: tensor(shape, seed), scale: scale!, shift: shift!, mean: mean!, variance };
}

describe('batchNorm', () => {
  const modes = ['frozen', 'train'] as const;

  it('agrees with its definition for any shape, forward and backward', () => {
    const outer = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
    const channels = fc.constantFrom(1, 3, 4, 5, 8, 9, 17);
    fc.assert(
      fc.property(outer, channels, fc.constantFrom(...modes), fc.boolean(), fc.nat(), (sizes, c, mode, bare, seed) => {
        // Of n rows, n − 2 directions have a gradient: of few rows, it may be what rounding leaves of it.
        const { scale, shift, ...rest } = tensorsOf([...sizes, 8, c], seed);
        const tensors = bare ? rest : { ...rest, scale, shift };
        expect(errorOfOp(batchNorm, batchNormOracle, tensors, { mode })).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 150 },
    );
  });

  it.each(modes)('has an oracle whose gradients are true (%s)', (mode) => {
    expectTrueGradients(batchNormOracle, tensorsOf([2, 3, 2], 1), { mode, epsilon: 1e-3 });
  });

  it('takes ε as it is told', () => {
    const x = { shape: [2, 1], values: [-1, 1] };
    expect(runOp(batchNorm, [x], { mode: 'train', epsilon: 3 }).values[1]).toBe(0.5);
    expect(runOp(batchNorm, [x], { mode: 'train' }).values[1]).toBe(Math.fround(1 / Math.sqrt(1 + Math.fround(1e-5))));
  });

  it('keeps its digits where the mean is far from 0 and over many rows', () => {
    const x = { shape: [20_000, 5], values: tensor([20_000, 5], 1).values.map((value) => value + 1000) };
    const { values } = runOp(batchNorm, [x], { mode: 'train' });
    const expected = batchNormOracle.forward({ x0: x }, { mode: 'train' });
    // The mean is kept in float32, so it is right to half a unit there; values are near 1.
    expect(relativeError(values, expected)).toBeLessThan(1000 * 2 ** -24);
  });

  it('takes an activation behind it, whose gradient it gets', () => {
    const { x0, ...parameters } = tensorsOf([4, 5, 9], 3);
    for (const mode of modes) {
      const graph = new Graph();
      const roles = { scale: 'scale', shift: 'shift', mean: 'mean', variance: 'variance' };
      const y = graph.apply(batchNorm, [graph.input('x')], { attributes: { mode }, parameters: roles });
      graph.apply(relu, [y], { name: 'y' });
      const made = plan(graph, {
        parameters: parametersOf(parameters),
        inputs: { x: x0.shape },
        gradients: { nodes: ['x'], parameters: ['scale'] },
      });
      expect(made.steps.length).toBe(1);
      const sums = batchNormOracle.forward({ x0, ...parameters }, { mode });
      const { y: values } = made.run({ x: x0.values });
      const positive = sums.map((value) => Math.max(value, 0));
      expect(relativeError(values!, positive)).toBeLessThan(tolerance.sum);
      const seed = tensor(x0.shape, 9).values;
      const passed = seed.map((value, i) => (sums[i]! > 0 ? value : 0));
      const expected = batchNormOracle.gradients({ x0, ...parameters }, { mode }, passed);
      const { nodes, parameters: gradients } = made.backward({ y: seed });
      expect(relativeError(nodes.x!, expected.x0!)).toBeLessThan(tolerance.sum);
      expect(relativeError(gradients.scale!, expected.scale!)).toBeLessThan(tolerance.sum);
      made.close();
    }
  });

  describe('behind a linear op', () => {
    const { x0, ...normalization } = tensorsOf([1, 5, 6, 9], 3);
    const tensors = { ...normalization, filters: tensor([3, 3, 9, 9], 20), bias: tensor([9], 21) };
    const attributes = { padding: 1 };
    const window = resolveWindow('conv', x0.shape, [3, 3], attributes);
    const exact = { x: x0, filters: tensors.filters, window, groups: 1 };
    const planned = (mode: 'frozen' | 'train', { bare = false, trained = [] as string[], epsilon = 1e-3 } = {}) => {
      const graph = new Graph();
      const names = bare ? ['mean', 'variance'] : ['scale', 'shift', 'mean', 'variance'];
      const parameters = Object.fromEntries(names.map((name) => [name, name]));
      const roles = bare ? { filters: 'filters' } : { filters: 'filters', bias: 'bias' };
      const y = graph.apply(conv, [graph.input('x')], { name: 'conv', attributes, parameters: roles });
      graph.apply(relu, [graph.apply(batchNorm, [y], { attributes: { mode, epsilon }, parameters })], { name: 'y' });
      const gradients = { nodes: ['x'], parameters: trained };
      return plan(graph, { parameters: parametersOf(tensors), inputs: { x: x0.shape }, gradients });
    };

    it.each([false, true])('is folded into it where it is frozen, forward and backward (bare: %s)', (bare) => {
      const made = planned('frozen', { bare });
      expect(made.steps.map(({ site, affines }) => [site.kernel, affines.length])).toEqual([['direct', 1]]);
      expect(made.describe()).toMatch(/^y +direct \+ batchNorm \+ relu /m);
      const { scale, shift, mean, variance } = tensors;
      const input = { shape: x0.shape, values: convolution(exact, bare ? undefined : tensors.bias.values) };
      const at = { x0: input, mean, variance, ...(bare ? {} : { scale, shift }) };
      const sums = batchNormOracle.forward(at, { mode: 'frozen', epsilon: 1e-3 });
      const expected = sums.map((value) => Math.max(value, 0));
      expect(relativeError(made.run({ x: x0.values }).y!, expected)).toBeLessThan(tolerance.sum);
      const seed = tensor(x0.shape, 9).values;
      const passed = seed.map((value, i) => (sums[i]! > 0 ? value : 0));
      const between = batchNormOracle.gradients(at, { mode: 'frozen', epsilon: 1e-3 }, passed).x0!;
      const { x } = convolutionGradients(exact, between);
      expect(relativeError(made.backward({ y: seed }).nodes.x!, x)).toBeLessThan(tolerance.sum);
      made.close();
    });

    it('is one form of the filters for each ε', () => {
      const [a, b] = [1e-3, 1].map((epsilon) => planned('frozen', { epsilon }).run({ x: x0.values }).y!);
      expect(relativeError(a!, b!)).toBeGreaterThan(0.01);
    });

    it.each([
      ['in training', 'train', []],
      ['where one of its parameters is trained', 'frozen', ['shift']],
      ['where the filters are trained', 'frozen', ['filters']],
    ] as const)('stays a step of its own %s', (_, mode, trained) => {
      expect(planned(mode, { trained: [...trained] }).steps.map(({ node }) => node.op.name)).toEqual([
        'conv',
        'batchNorm',
      ]);
    });
  });

  it('shows its statistics through channelMoments, from which running averages are made', () => {
    const x = tensor([2, 5, 4], 1);
    const graph = new Graph();
    const input = graph.input('x');
    graph.apply(channelMoments, [input], { name: 'moments' });
    graph.apply(batchNorm, [input], { name: 'y', attributes: { mode: 'train' } });
    const made = plan(graph, { parameters: parametersOf({}), inputs: { x: x.shape }, outputs: ['moments', 'y'] });
    const { moments, y } = made.run({ x: x.values });
    const [mean, variance] = [moments!.slice(0, 4), moments!.slice(4)];
    const frozen = { mean: { shape: [4], values: mean }, variance: { shape: [4], values: variance } };
    expect(relativeError(runOp(batchNorm, [x], { mode: 'frozen' }, frozen).values, y!)).toBeLessThan(
      tolerance.elementwise,
    );
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    const { x0, scale, shift, mean, variance } = tensorsOf([3, 4, 5, 6], 1);
    const vector = ({ values }: { values: Float32Array }) => tf.tensor1d(values);
    it('frozen', () => {
      const { values, gradient, gradients } = runGradient(
        batchNorm,
        [x0],
        { mode: 'frozen', epsilon: 1e-3 },
        { scale, shift, mean, variance },
      );
      const forward = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
        tf.batchNorm(x as tf.Tensor4D, vector(mean), vector(variance), b as tf.Tensor1D, a as tf.Tensor1D, 1e-3);
      const tensors = [tf.tensor4d(x0.values, [3, 4, 5, 6]), vector(scale), vector(shift)] as const;
      expect(relativeError(values, forward(...tensors).dataSync())).toBeLessThan(tolerance.sum);
      const expected = tf.grads(forward)([...tensors], tf.tensor(gradient, [3, 4, 5, 6]));
      const ours = [gradients.nodes.x0!, gradients.parameters.scale!, gradients.parameters.shift!];
      for (const [i, mine] of ours.entries())
        expect(relativeError(mine, expected[i]!.dataSync())).toBeLessThan(tolerance.sum);
    });
    it('train', () => {
      const { values, gradient, gradients } = runGradient(batchNorm, [x0], { mode: 'train' }, { scale, shift });
      const forward = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
        const moments = tf.moments(x, [0, 1, 2]);
        const apart = tf.div(tf.sub(x, moments.mean), tf.sqrt(tf.add(moments.variance, 1e-5)));
        return tf.add(tf.mul(apart, a), b);
      };
      const tensors = [tf.tensor4d(x0.values, [3, 4, 5, 6]), vector(scale), vector(shift)];
      expect(relativeError(values, forward(tensors[0]!, tensors[1]!, tensors[2]!).dataSync())).toBeLessThan(
        tolerance.sum,
      );
      const expected = tf.grads(forward)(tensors, tf.tensor(gradient, [3, 4, 5, 6]));
      const ours = [gradients.nodes.x0!, gradients.parameters.scale!, gradients.parameters.shift!];
      for (const [i, mine] of ours.entries())
        expect(relativeError(mine, expected[i]!.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it('keeps NaN in its own channel', () => {
    const x = { shape: [2, 5], values: [1, 2, Number.NaN, 4, 5, 6, 7, 8, 9, 10] };
    const isThird = Array.from({ length: 10 }, (_, i) => i % 5 === 2);
    const { values, gradients } = runGradient(batchNorm, [x], { mode: 'train' });
    expect([...values].map(Number.isNaN)).toEqual(isThird);
    expect([...gradients.nodes.x0!].map(Number.isNaN)).toEqual(isThird);
  });

  it('makes nothing infinite of a channel that does not vary', () => {
    const x = { shape: [3, 2], values: [7, 0, 7, 0, 7, 0] };
    const { values, gradients } = runGradient(batchNorm, [x], { mode: 'train' });
    expect([...values]).toEqual(new Array(6).fill(0));
    expect([...gradients.nodes.x0!].every(Number.isFinite)).toBe(true);
  });

  it.each<[string, Shape, unknown, Record<string, Shape>, string]>([
    ['mode', [2, 3], {}, {}, "batchNorm: mode must be 'train', 'frozen', got undefined"],
    [
      'statistics',
      [2, 3],
      { mode: 'frozen' },
      { mean: [3] },
      "batchNorm: mode 'frozen' needs mean and variance, got mean",
    ],
    ['batch', [1, 3], { mode: 'train' }, {}, "batchNorm: mode 'train' needs two values a channel or more, got [1,3]"],
    ['scale', [2, 3], { mode: 'train' }, { scale: [4] }, 'batchNorm: scale must be [3] for input [2,3], got [4]'],
    [
      'ε',
      [2, 3],
      { mode: 'train', epsilon: -1 },
      {},
      'batchNorm: epsilon must be a finite number of at least 0, got -1',
    ],
  ])('refuses wrong %s', (_, input, attributes, shapes, message) => {
    const parameters = Object.fromEntries(Object.entries(shapes).map(([role, shape]) => [role, tensor(shape, 1)]));
    const run = () => runOp(batchNorm, [tensor(input, 1)], attributes as BatchNormAttributes, parameters);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
