import { describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { type ExternalAttributes, external } from '../../../src/graph/ops/external.ts';
import { multiply } from '../../../src/graph/ops/multiply.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, type OpOracle, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

/** a · b², of two tensors of one shape. */
const product: ExternalAttributes = {
  shape: ([a]) => a!,
  forward: ([a, b], y) => y.set(a!.map((value, i) => value * b![i]! ** 2)),
  backward([a, b], _, gradient, [da, db]) {
    da?.set(gradient.map((g, i) => g * b![i]! ** 2));
    db?.set(gradient.map((g, i) => 2 * g * a![i]! * b![i]!));
  },
};
const oracle: OpOracle<ExternalAttributes> = {
  forward: ({ x0, x1 }) => Float64Array.from(x0!.values, (a, i) => a * x1!.values[i]! ** 2),
  gradients: ({ x0, x1 }, _, gradient) => ({
    x0: Float64Array.from(gradient, (g, i) => g * x1!.values[i]! ** 2),
    x1: Float64Array.from(gradient, (g, i) => 2 * g * x0!.values[i]! * x1!.values[i]!),
  }),
};

describe('external', () => {
  it('computes what the function says, forward and backward', () => {
    const tensors = { x0: tensor([3, 5], 1), x1: tensor([3, 5], 2) };
    expect(errorOfOp(external, oracle, tensors, product)).toBeLessThan(tolerance.elementwise);
  });

  it('takes its place among other ops, and gradient only where one is wanted', () => {
    const graph = new Graph();
    const [a, b] = [graph.input('a'), graph.input('b')];
    const wanted: boolean[][] = [];
    const watched: ExternalAttributes = {
      ...product,
      backward(inputs, output, gradient, gradients) {
        wanted.push(gradients.map((array) => array !== undefined));
        product.backward!(inputs, output, gradient, gradients);
      },
    };
    const y = graph.apply(external, [graph.apply(relu, [a]), b], { attributes: watched });
    graph.apply(multiply, [y, y], { name: 'y' });
    const made = plan(graph, {
      parameters: parametersOf({}),
      inputs: { a: [7], b: [7] },
      gradients: { nodes: ['a'] },
    });
    const [x, z, seed] = [tensor([7], 1).values, tensor([7], 2).values, tensor([7], 3).values];
    made.run({ a: x, b: z });
    const { nodes } = made.backward({ y: seed });
    const expected = Float64Array.from(x, (v, i) => (v > 0 ? seed[i]! * 2 * v * z[i]! ** 4 : 0));
    expect(relativeError(nodes.a!, expected)).toBeLessThan(tolerance.sum);
    expect(wanted).toEqual([[true, false]]);
    made.close();
  });

  it('hands out copies: what a function keeps or changes is its own', () => {
    const kept: Float32Array[] = [];
    const attributes: ExternalAttributes = {
      shape: ([x]) => x!,
      forward([x], y) {
        y.set(x!);
        kept.push(x!, y);
        x!.fill(9);
      },
      backward: ([x], y, gradient, [dx]) => {
        dx!.set(gradient);
        kept.push(x!, y, gradient, dx!);
      },
    };
    const x = tensor([5], 1);
    const { values, gradient, gradients } = runGradient(external, [x], attributes);
    expect(values).toEqual(x.values);
    expect(gradients.nodes.x0).toEqual(gradient);
    expect(kept[2]).toEqual(x.values);
    for (const array of kept) expect(array.buffer.byteLength).toBe(20);
  });

  it('starts from zeros, and keeps NaN', () => {
    const nothing: ExternalAttributes = { shape: () => [5], forward: () => {}, backward: () => {} };
    const { values, gradients } = runGradient(external, [tensor([3], 1)], nothing);
    expect([...values, ...gradients.nodes.x0!]).toEqual(new Array(8).fill(0));
    const x = { shape: [2], values: [Number.NaN, 1] };
    expect([...runOp(external, [x, x], product).values]).toEqual([Number.NaN, 1]);
  });

  it('passes on what the function throws', () => {
    const attributes: ExternalAttributes = {
      ...product,
      forward() {
        throw new RangeError('mine');
      },
    };
    expect(() => runOp(external, [tensor([3], 1), tensor([3], 2)], attributes)).toThrow(new RangeError('mine'));
  });

  it('refuses a gradient that nobody wrote, when the plan is made', () => {
    const { backward: _, ...forwardOnly } = product;
    const inputs = [tensor([3], 1), tensor([3], 2)];
    expect(() => runOp(external, inputs, forwardOnly)).not.toThrow();
    expect(() => runGradient(external, inputs, forwardOnly)).toThrow(InputError);
    expect(() => runGradient(external, inputs, forwardOnly)).toThrow('external: this one was made without `backward`');
  });

  it.each<[string, unknown, string]>([
    ['forward', { shape: () => [1] }, 'external: forward must be a function, got undefined'],
    ['shape', { ...product, shape: 3 }, 'external: shape must be a function, got number'],
    [
      'sizes',
      { ...product, shape: () => [0, 2.5] },
      'external: shape must give whole numbers above 0 for [3], gave [0,2.5]',
    ],
  ])('refuses wrong %s', (_, attributes, message) => {
    const run = () => runOp(external, [tensor([3], 1)], attributes as ExternalAttributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
