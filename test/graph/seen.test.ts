import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as entry from '../../src/graph/index.ts';
import type { Op } from '../../src/graph/op.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { cellsOfUnit, receptiveField } from '../../src/graph/receptive-field.ts';
import { randomArray } from '../support/random.ts';

/** How ops that take more than one [1,6,6,C] of any values are called: attributes, parameters, channels of the input. */
const calls: Record<
  string,
  { attributes?: object; parameters?: Record<string, Shape>; inputs?: number; skip?: string }
> = {
  affine: { parameters: { scale: [4], shift: [4] } },
  averagePool: { attributes: { size: 2 } },
  batchNorm: { attributes: { mode: 'train' } },
  clip: { attributes: { lo: -0.5, hi: 0.5 } },
  concat: { inputs: 2 },
  conv: { attributes: { padding: 'same' }, parameters: { filters: [3, 3, 4, 4] } },
  convTranspose: { attributes: { size: [13, 13], stride: 2 }, parameters: { filters: [3, 3, 4, 4] } },
  crop: { attributes: { before: [0, 1, 2, 0], after: [0, 1, 0, 0] } },
  depthwiseConv: { attributes: { padding: 1, stride: 2 }, parameters: { filters: [3, 3, 4, 1] } },
  leakyRelu: { attributes: { slope: 0.1 } },
  maxPool: { attributes: { size: 3, stride: 2, padding: 'same' } },
  pad: { attributes: { before: [0, 1, 0, 0], after: [0, 2, 1, 0] } },
  prelu: { parameters: { slope: [4] } },
  resizeBilinear: { attributes: { size: [9, 9], coordinates: 'half-pixel' } },
  rows: { attributes: { from: 0, count: 1 } },
};
const two = new Set(['add', 'multiply', 'squaredDifference', 'concat']);

const ops = Object.values(entry).filter(
  (value): value is Op => typeof value === 'object' && 'shape' in value && 'forward' in value,
);
/** Ops on something else than one tensor of spatial axes: rows of embeddings, labels, targets, functions. */
const other = new Set(
  ops
    .map(({ name }) => name)
    .filter((name) =>
      /Loss|CrossEntropy|[dD]istance|absoluteDifference|chiSquare|dropout|external|dense|totalVariation|styleLoss|mean$|mask/.test(
        name,
      ),
    ),
);

describe('what ops say that a cell sees', () => {
  const tried = ops.filter(({ name }) => !other.has(name));
  it('is tried of the ops on tensors of spatial axes', () => expect(tried.length).toBeGreaterThan(22));

  it.each(tried.map((op) => [op.name, op] as const))('%s: gradients arrive nowhere else', (name, op) => {
    const { attributes = {}, parameters = {} } = calls[name] ?? {};
    const graph = new Graph();
    const x = graph.input('x');
    const shape = [1, 6, 6, 4];
    graph.apply(op, two.has(name) ? [x, x] : [x], {
      name: 'y',
      attributes,
      parameters: Object.fromEntries(Object.keys(parameters).map((role) => [role, role])),
    });
    const store = parametersOf(
      Object.fromEntries(
        Object.entries(parameters).map(([role, of], i) => [
          role,
          { shape: of, values: randomArray(elementsOf(of), i + 9) },
        ]),
      ),
    );
    const planned = plan(graph, { parameters: store, inputs: { x: shape }, gradients: { nodes: ['x'] } });
    const output = planned.outputs.get('y')!;
    const field = receptiveField(graph, 'y', { inputs: { x: shape }, parameters: store });
    const map = output.length === 4 ? output.slice(1, 3) : [1, 1];
    const channels = elementsOf(output) / map[0]! / map[1]!;
    for (let cell = 0; cell < map[0]! * map[1]!; cell++) {
      planned.run({ x: randomArray(elementsOf(shape), 3) });
      const seed = new Float32Array(elementsOf(output)).fill(1, cell * channels, (cell + 1) * channels);
      const gradient = planned.backward({ y: seed }).nodes.x!;
      const at = [Math.floor(cell / map[1]!), cell % map[1]!];
      for (const [i, value] of gradient.entries()) {
        if (value === 0) continue;
        const place = [Math.floor(i / 24), Math.floor(i / 4) % 6];
        for (const [axis, seen] of field.entries()) {
          const { first, size } = cellsOfUnit(seen, at[axis]!);
          expect(place[axis]!, `cell ${at} sees ${place}`).toBeGreaterThanOrEqual(first);
          expect(place[axis]!, `cell ${at} sees ${place}`).toBeLessThan(first + size);
        }
      }
    }
    planned.close();
  });
});
