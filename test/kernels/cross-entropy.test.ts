import { describe, expect, it } from 'vitest';
import { sigmoidCrossEntropyOracle, softmaxCrossEntropyOracle, softmaxOracle } from '../oracle/softmax.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

const sumsOf = (sandbox: Sandbox, at: number, n: number) => [...sandbox.engine.memory.f64(at, 2)].map((sum) => sum / n);

describe('f32_softmax_cross_entropy and its gradient', () => {
  it.each(combinations([1, 2, 5], lengths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const x0 = tensor([rows, c], c);
    const x1 = { shape: [rows], values: Array.from({ length: rows }, (_, i) => (i * 3) % c) };
    const [sums, probabilities, dx] = [sandbox.output(4), sandbox.output(rows * c), sandbox.output(rows * c)];
    const [x, labels] = [sandbox.input(x0.values), sandbox.input(x1.values)];
    sandbox.kernels.f32_softmax_cross_entropy(sums, probabilities, x, labels, rows, c);
    sandbox.kernels.f32_softmax_cross_entropy_gradient(dx, probabilities, labels, rows, c, 0.5 / rows);
    sandbox.check();
    const expected = softmaxCrossEntropyOracle.forward({ x0, x1 }, {});
    expect(relativeError(sumsOf(sandbox, sums, rows), expected)).toBeLessThan(tolerance.elementwise);
    const softmax = softmaxOracle.forward({ x0 }, {});
    expect(relativeError(sandbox.read(probabilities, rows * c), softmax)).toBeLessThan(tolerance.elementwise);
    const back = softmaxCrossEntropyOracle.gradients({ x0, x1 }, {}, [0.5, 0]).x0!;
    expect(relativeError(sandbox.read(dx, rows * c), back)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_sigmoid_cross_entropy', () => {
  it.each(lengths)('%i logits', (n) => {
    const sandbox = new Sandbox();
    const x0 = tensor([n], n);
    const x1 = { shape: [n], values: Array.from({ length: n }, (_, i) => i % 2) };
    const sums = sandbox.output(4);
    sandbox.kernels.f32_sigmoid_cross_entropy(sums, sandbox.input(x0.values), sandbox.input(x1.values), n);
    sandbox.check();
    const expected = sigmoidCrossEntropyOracle.forward({ x0, x1 }, {});
    expect(relativeError(sumsOf(sandbox, sums, n), expected)).toBeLessThan(tolerance.elementwise);
  });
});
