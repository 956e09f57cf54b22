import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { type DropoutAttributes, dropout } from '../../../src/graph/ops/dropout.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { dropoutOracle } from '../../oracle/dropout.ts';
import { tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const key = (seed: number, step: number) => ({ shape: [2], values: [seed, step] });
const ones = (length: number) => ({ shape: [length], values: new Float32Array(length).fill(1) });

/** Which of `length` elements stay. */
const mask = (length: number, seed: number, step: number, attributes: DropoutAttributes) =>
  [...runOp(dropout, [ones(length), key(seed, step)], { ...attributes, train: true }).values].map((value) => value > 0);
const share = (values: boolean[]) => values.filter(Boolean).length / values.length;

describe('dropout', () => {
  it('agrees with its definition for any length, seed and step, forward and backward', () => {
    const whole = fc.integer({ min: 0, max: 2 ** 24 });
    const rate = fc.double({ min: 0, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        whole,
        whole,
        rate,
        fc.nat(9),
        fc.nat(),
        (n, seed, step, rate, stream, x) => {
          const tensors = { x0: tensor([n], x), x1: key(seed, step) };
          expect(errorOfOp(dropout, dropoutOracle, tensors, { rate, stream })).toBeLessThan(tolerance.elementwise);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    const x1 = key(1, 2);
    const oracle: typeof dropoutOracle = {
      forward: ({ x0 }, attributes) => dropoutOracle.forward({ x0: x0!, x1 }, attributes),
      gradients: ({ x0 }, attributes, gradient) => dropoutOracle.gradients({ x0: x0!, x1 }, attributes, gradient),
    };
    expectTrueGradients(oracle, { x0: tensor([12], 1) }, { rate: 0.4 });
  });

  it.each([0.1, 0.5, 0.9])('drops a share of %d, and keeps the mean', (rate) => {
    const n = 200_000;
    const { values } = runOp(dropout, [ones(n), key(3, 1)], { rate, train: true });
    // Four standard deviations of a share of n.
    const slack = 4 * Math.sqrt((rate * (1 - rate)) / n);
    expect(Math.abs(share([...values].map((value) => value === 0)) - rate)).toBeLessThan(slack);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / n - 1)).toBeLessThan(slack / (1 - rate));
  });

  it('drops neighbours, and the same element in other steps, seeds and streams, independently', () => {
    const n = 100_000;
    const attributes = { rate: 0.5 };
    const base = mask(n, 1, 1, attributes);
    const others = [
      mask(n, 1, 2, attributes),
      mask(n, 2, 1, attributes),
      mask(n, 1, 1, { ...attributes, stream: 1 }),
      [...base.slice(1), base[0]!],
      [...base.slice(4), ...base.slice(0, 4)],
    ];
    for (const other of others) {
      const alike = share(base.map((stays, i) => stays === other[i]));
      expect(Math.abs(alike - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / n));
    }
  });

  it('is repeated by its seed and step, whatever ran between', () => {
    const first = mask(1000, 5, 9, { rate: 0.3 });
    mask(1000, 5, 10, { rate: 0.3 });
    expect(mask(1000, 5, 9, { rate: 0.3 })).toEqual(first);
  });

  it('is the identity in a plan without gradients, and where it is told to be', () => {
    const x = tensor([9], 1);
    expect(runOp(dropout, [x, key(1, 1)], { rate: 0.5 }).values).toEqual(x.values);
    const { values, gradient, gradients } = runGradient(dropout, [x, key(1, 1)], { rate: 0.5, train: false });
    expect(values).toEqual(x.values);
    expect(gradients.nodes.x0).toEqual(gradient);
    expect([...gradients.nodes.x1!]).toEqual([0, 0]);
  });

  it('drops in a plan with gradients only where the backward pass goes through it', () => {
    const graph = new Graph();
    const [x, k] = [graph.input('x'), graph.input('key')];
    const before = graph.apply(dropout, [x, k], { name: 'before', attributes: { rate: 0.5 } });
    graph.apply(dropout, [before, k], { name: 'y', attributes: { rate: 0.5 } });
    const made = plan(graph, {
      parameters: parametersOf({}),
      inputs: { x: [64], key: [2] },
      outputs: ['before', 'y'],
      gradients: { nodes: ['before'] },
    });
    const values = new Float32Array(64).fill(1);
    const { before: kept, y } = made.run({ x: values, key: Float32Array.of(1, 1) });
    expect(kept).toEqual(values);
    expect([...y!].some((value) => value === 0)).toBe(true);
    made.close();
  });

  it('drops all but nothing at the largest rate below 1', () => {
    const { values } = runOp(dropout, [ones(1000), key(1, 1)], { rate: 1 - 2 ** -53, train: true });
    expect([...values].every((value) => value === 0)).toBe(true);
  });

  it('keeps NaN, dropped or not', () => {
    const x = { shape: [64], values: new Float32Array(64).fill(Number.NaN) };
    const { values } = runOp(dropout, [x, key(1, 1)], { rate: 0.5, train: true });
    expect([...values].every(Number.isNaN)).toBe(true);
  });

  it('refuses a rate of 1, a key of another shape, and a step that is no whole number', () => {
    const x = tensor([4], 1);
    expect(() => runOp(dropout, [x, key(1, 1)], { rate: 1 })).toThrow(ShapeError);
    expect(() => runOp(dropout, [x, key(1, 1)], { rate: 1 })).toThrow(
      'dropout: rate must lie from 0 to below 1, got 1',
    );
    expect(() => runOp(dropout, [x], { rate: 0.5 })).toThrow('dropout: takes a tensor and [2], seed and step, got [4]');
    expect(() => runOp(dropout, [x, key(1, 1)], { rate: 0.5, stream: 0.5 })).toThrow('dropout: stream must be a whole');
    const half = () => runOp(dropout, [x, key(1, 0.5)], { rate: 0.5 });
    expect(half).toThrow(InputError);
    expect(half).toThrow('dropout: seed and step must be whole numbers from 0 to 16777216, number 1 of 2 is 0.5');
  });
});
