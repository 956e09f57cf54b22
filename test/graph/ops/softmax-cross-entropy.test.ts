import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { softmaxCrossEntropy } from '../../../src/graph/ops/softmax-cross-entropy.ts';
import { softmaxCrossEntropyOracle } from '../../oracle/softmax.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomFrom } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

function tensorsOf(rows: number, c: number, seed: number) {
  const random = randomFrom(seed);
  const labels = Array.from({ length: rows }, () => Math.floor(random() * c));
  return { x0: tensor([rows, c], seed), x1: { shape: [rows], values: labels } };
}

const run = (x: number[][], labels: number[]) =>
  runOp(
    softmaxCrossEntropy,
    [
      { shape: [x.length, x[0]!.length], values: x.flat() },
      { shape: [labels.length], values: labels },
    ],
    {},
  );

describe('softmaxCrossEntropy', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const rows = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(rows, fc.constantFrom(2, 3, 4, 5, 8, 9, 17, 100), fc.nat(), (n, c, seed) => {
        const error = errorOfOp(softmaxCrossEntropy, softmaxCrossEntropyOracle, tensorsOf(n, c, seed), {});
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    const { x0, x1 } = tensorsOf(3, 5, 1);
    const oracle = {
      ...softmaxCrossEntropyOracle,
      forward: (tensors: object, attributes: object) =>
        softmaxCrossEntropyOracle.forward({ ...tensors, x1 }, attributes),
      gradients: (tensors: object, attributes: object, gradient: ArrayLike<number>) =>
        softmaxCrossEntropyOracle.gradients({ ...tensors, x1 }, attributes, gradient),
    };
    expectTrueGradients(oracle, { x0 }, {});
  });

  it('gives ln C where nothing is known, and does not overflow', () => {
    expect(run([new Array(10).fill(3)], [4]).values[0]).toBeCloseTo(Math.log(10), 6);
    expect([...run([[1e30, 0, 0]], [0]).values]).toEqual([0, 1]);
    expect([...run([[1e30, 0, 0]], [1]).values]).toEqual([Math.fround(1e30), 0]);
  });

  it('keeps the digits of a small loss', () => {
    const { values } = run([[20, 0]], [0]);
    expect(values[0]! / Math.log1p(Math.exp(-20))).toBeCloseTo(1, 5);
  });

  it('counts rows as right by the first of equal logits', () => {
    const rows = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 2, 2],
      [5, 4, 3],
    ];
    expect(run(rows, [0, 1, 2, 0]).values[1]).toBe(0.5);
  });

  it('keeps NaN, which is never right', () => {
    const [loss, accuracy] = run([[1, Number.NaN, 0]], [0]).values;
    expect(loss).toBeNaN();
    expect(accuracy).toBe(0);
  });

  it('gives no gradient to labels', () => {
    const { x0, x1 } = tensorsOf(4, 3, 1);
    expect([...runGradient(softmaxCrossEntropy, [x0, x1], {}).gradients.nodes.x1!]).toEqual([0, 0, 0, 0]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('loss and gradient', () => {
      const { x0, x1 } = tensorsOf(6, 7, 1);
      const { values, gradient, gradients } = runGradient(softmaxCrossEntropy, [x0, x1], {});
      const labels = tf.oneHot(tf.tensor1d(x1.values, 'int32'), 7);
      const forward = (x: tf.Tensor): tf.Tensor => tf.losses.softmaxCrossEntropy(labels, x);
      const input = tf.tensor2d(x0.values, [6, 7]);
      expect(values[0]).toBeCloseTo(forward(input).dataSync()[0]!, 5);
      const dx = tf.grad(forward)(input, tf.scalar(gradient[0]!));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it.each([
    ['behind the last class', 3],
    ['below 0', -1],
    ['between two classes', 0.5],
    ['NaN', Number.NaN],
  ])('refuses a label %s', (_, label) => {
    const act = () => run([[1, 2, 3]], [label]);
    expect(act).toThrow(InputError);
    expect(act).toThrow(
      `softmaxCrossEntropy: labels must be whole numbers from 0 to 2, number 0 of 1 is ${Math.fround(label)}`,
    );
  });

  it('refuses labels of another length', () => {
    const act = () => runOp(softmaxCrossEntropy, [tensor([2, 3], 1), tensor([3], 1)], {});
    expect(act).toThrow(ShapeError);
    expect(act).toThrow('softmaxCrossEntropy: takes logits [N,C] and labels [N], got [2,3] and [3]');
  });
});
