import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { type GramAttributes, gram } from '../../../src/graph/ops/gram.ts';
import { gramGradientOracle, gramOracle } from '../../oracle/style.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

function expectExact(shape: Shape, attributes: GramAttributes, divisor: number, seed: number): void {
  const x = tensor(shape, seed);
  const result = runGradient(gram, [x], attributes);
  const c = shape.at(-1)!;
  expect(result.shape).toEqual([shape[0], c, c]);
  expect(relativeError(result.values, gramOracle(x, divisor))).toBeLessThan(tolerance.sum);
  const expected = gramGradientOracle(x, result.gradient, divisor);
  expect(relativeError(result.gradients.nodes.x0!, expected)).toBeLessThan(tolerance.sum);
}

describe('gram', () => {
  it.each<[string, Shape]>([
    ['one image', [1, 7, 9, 16]],
    ['several images, odd channels', [3, 5, 4, 11]],
    ['more positions than a block', [2, 19, 17, 9]],
    ['many channels', [1, 3, 5, 136]],
    ['sound', [2, 33, 5]],
    ['a volume', [2, 3, 4, 5, 8]],
    ['one position, one channel', [1, 1, 1, 1]],
  ])('%s', (_, shape) => {
    const positions = elementsOf(shape.slice(1, -1));
    expectExact(shape, {}, 1, 1);
    expectExact(shape, { divisor: 'none' }, 1, 2);
    expectExact(shape, { divisor: 'positions' }, positions, 3);
    expectExact(shape, { divisor: 'elements' }, positions * shape.at(-1)!, 4);
  });

  it('agrees with its definition for any shape, forward and backward', () => {
    const size = fc.integer({ min: 1, max: 9 });
    const spatial = fc.array(size, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        spatial,
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        (n, s, c, seed) => {
          expectExact([n, ...s, c], {}, 1, seed);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradient agrees with central differences', () => {
    const x = tensor([2, 3, 2, 4], 1);
    const gradient = randomArray(2 * 4 * 4, 2);
    const along = (values: Float64Array): number =>
      gramOracle({ ...x, values }, 6).reduce((sum, value, i) => sum + value * gradient[i]!, 0);
    expect(relativeError(gramGradientOracle(x, gradient, 6), centralDifference(along, x.values))).toBeLessThan(1e-8);
  });

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const x = tensor([1, 6, 7, 10], 3);
    const features = tf.tensor2d(x.values, [42, 10]);
    const expected = tf.matMul(features, features, true, false);
    expect(relativeError(runOp(gram, [x], {}).values, expected.dataSync())).toBeLessThan(tolerance.sum);
  });

  it.each<[string, Shape[], GramAttributes, string]>([
    ['rank', [[4, 5]], {}, 'gram: features must be [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [4,5]'],
    [
      'number of inputs',
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      {},
      'gram: takes 1 input, got 2: [1,2,3] [1,2,3]',
    ],
    [
      'divisor',
      [[1, 2, 3]],
      { divisor: 'pixels' as 'none' },
      'gram: divisor must be one of none, positions, elements, got pixels',
    ],
  ])('refuses a wrong %s', (_, shapes, attributes, message) => {
    const inputs = shapes.map((shape) => tensor(shape, 1));
    const run = () => runOp(gram, inputs, attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
