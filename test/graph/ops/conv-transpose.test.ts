import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { resolveWindow, windowSizes } from '../../../src/core/window.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { affine } from '../../../src/graph/ops/affine.ts';
import { type ConvTransposeAttributes, convTranspose } from '../../../src/graph/ops/conv-transpose.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { convolution, convolutionGradients } from '../../oracle/convolution.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

/** The op and its gradients against the convolution that it is the transpose of. */
function expectExact(
  size: readonly number[],
  channels: readonly [number, number],
  kernel: readonly number[],
  rest: Omit<ConvTransposeAttributes, 'size'>,
  seed = 1,
) {
  const [cy, cx] = channels;
  const groups = rest.groups ?? 1;
  const y: Shape = [2, ...size, cy];
  const window = resolveWindow('conv', y, kernel, rest);
  const x = tensor([2, ...windowSizes(window, size.length), cx], seed);
  const filters = tensor([...kernel, cy / groups, cx], seed + 1);
  const bias = tensor([cy], seed + 2);
  const result = runGradient(convTranspose, [x], { ...rest, size }, { filters, bias });
  expect(result.shape).toEqual(y);
  const { gradient, gradients } = result;
  const like = (values: ArrayLike<number>) => ({ x: { shape: y, values }, filters, window, groups });
  const adjoint = convolutionGradients(like(new Float64Array(elementsOf(y))), x.values).x;
  const expected = adjoint.map((value, i) => value + bias.values[i % cy]!);
  const byFilters = convolutionGradients(like(gradient), x.values).filters;
  const byBias = bias.values.map((_, c) => gradient.reduce((sum, g, i) => (i % cy === c ? sum + g : sum), 0));
  for (const [what, actual, exact] of [
    ['forward', result.values, expected],
    ['input', gradients.nodes.x0!, convolution(like(gradient))],
    ['filters', gradients.parameters.filters!, byFilters],
    ['bias', gradients.parameters.bias!, byBias],
  ] as const)
    expect(relativeError(actual, exact), what).toBeLessThan(tolerance.winograd);
}

describe('convTranspose', () => {
  it.each([
    ['3×3 in steps of 1', [17, 17], [32, 64], [3, 3], { padding: 'same' }],
    ['4×4 in steps of 2', [11, 13], [5, 7], [4, 4], { stride: 2, padding: 1 }],
    ['unequal strides, dilated', [12, 15], [3, 4], [2, 3], { stride: [3, 2], dilation: [2, 1] }],
    ['groups', [8, 9], [6, 9], [3, 3], { stride: 2, padding: 'same', groups: 3 }],
    ['1D', [33], [4, 5], [7], { stride: 3 }],
    ['3D', [5, 6, 7], [3, 4], [2, 3, 2], { stride: [2, 1, 2], padding: 'same' }],
  ] as const)('is the adjoint of conv: %s', (_, size, channels, kernel, rest) => {
    expectExact(size, channels, kernel, rest);
  });

  it('is the adjoint of conv for any shape', () => {
    const size = fc.integer({ min: 4, max: 11 });
    const small = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(size, size, small, small, small, small, small, fc.nat(), (h, w, kh, kw, sy, sx, c, seed) =>
        expectExact([h, w], [c, 2 * c], [kh, kw], { stride: [sy, sx], padding: 'same' }, seed),
      ),
      { numRuns: 100 },
    );
  });

  it('takes an affine behind it into its filters, whose channel axis is not the last', () => {
    const graph = new Graph();
    const attributes = { size: [6, 6], stride: 2 };
    const up = graph.apply(convTranspose, [graph.input('x')], { name: 'up', attributes, parameters: { filters: 'w' } });
    graph.apply(affine, [up], { name: 'y', parameters: { scale: 's', shift: 't' } });
    const parameters = parametersOf({ w: tensor([2, 2, 3, 4], 1), s: tensor([3], 2), t: tensor([3], 3) });
    const inputs = { x: [1, 3, 3, 4] };
    const x = randomArray(36, 4);
    const folded = plan(graph, { parameters, inputs });
    expect(folded.steps.length).toBe(1);
    const { y } = plan(graph, { parameters, inputs, outputs: ['up', 'y'] }).run({ x });
    expect(relativeError(folded.run({ x }).y!, y!)).toBeLessThan(tolerance.sum);
  });

  it('refuses an output size that does not belong to its input', () => {
    const run = () =>
      runGradient(
        convTranspose,
        [tensor([1, 4, 4, 2], 1)],
        { size: [9, 9], stride: 2 },
        { filters: tensor([2, 2, 3, 2], 2) },
      );
    expect(run).not.toThrow();
    const wrong = () =>
      runGradient(
        convTranspose,
        [tensor([1, 4, 4, 2], 1)],
        { size: [12, 9], stride: 2 },
        { filters: tensor([2, 2, 3, 2], 2) },
      );
    expect(wrong).toThrow(ShapeError);
    expect(wrong).toThrow('convTranspose: an output of [12,9] belongs to an input [1,6,4,2], got [1,4,4,2]');
  });
});
