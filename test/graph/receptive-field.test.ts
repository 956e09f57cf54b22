import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import type { Shape } from '../../src/core/shape.ts';
import { Graph, type Node } from '../../src/graph/graph.ts';
import { add } from '../../src/graph/ops/add.ts';
import { averagePool } from '../../src/graph/ops/average-pool.ts';
import { concat } from '../../src/graph/ops/concat.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { convTranspose } from '../../src/graph/ops/conv-transpose.ts';
import { dense } from '../../src/graph/ops/dense.ts';
import { depthwiseConv } from '../../src/graph/ops/depthwise-conv.ts';
import { flatten } from '../../src/graph/ops/flatten.ts';
import { instanceNorm } from '../../src/graph/ops/instance-norm.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { pad } from '../../src/graph/ops/pad.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { resizeBilinear } from '../../src/graph/ops/resize-bilinear.ts';
import { type Parameters, shapesOnly } from '../../src/graph/parameters.ts';
import { cellsOfUnit, type ReceptiveAxis, receptiveField, receptiveFields } from '../../src/graph/receptive-field.ts';
import { inferShapes } from '../../src/graph/schedule.ts';
import type { Architecture } from '../../src/models/architecture.ts';
import { faceRecognition } from '../../src/models/face-recognition.ts';
import { alexnetV2 } from '../../src/models/slim/alexnet-v2.ts';
import { resnetV150 } from '../../src/models/slim/resnet-v1-50.ts';
import { vgg16 } from '../../src/models/slim/vgg-16.ts';
import { vgg19 } from '../../src/models/vgg19.ts';
import { seenByGradient } from '../support/seen-by-gradient.ts';

const square = (size: number, stride: number, padding: number): ReceptiveAxis[] => [
  { size, stride, padding },
  { size, stride, padding },
];

/** What a unit sees by the field, within the input. */
const clipped = (field: readonly ReceptiveAxis[], position: readonly number[], sizes: Shape) =>
  field.map((axis, i) => {
    const { first, size } = cellsOfUnit(axis, position[i]!);
    return [Math.max(0, first), Math.min(sizes[i]! - 1, first + size - 1)];
  });

const shapesOf = ({ bind, tensors }: Architecture): Parameters => bind(shapesOnly(tensors));

/** Known values: Araujo, Norris & Sim 2019, and TensorFlow's receptive_field for TF-slim's networks at 224. */
const known: [string, () => { graph: Graph; parameters: Parameters }, string, [number, number, number], Shape][] = [
  ...(
    [
      ['alexnet_v2', alexnetV2, 'pool5', [195, 32, 64]],
      ['vgg_16', vgg16, 'conv5/conv5_3', [196, 16, 90]],
      ['vgg_16', vgg16, 'pool5', [212, 32, 90]],
      ['resnet_v1_50', resnetV150, 'block4', [483, 32, 239]],
    ] as const
  ).map(([name, build, layer, values]): (typeof known)[number] => {
    const architecture = build();
    return [
      name,
      () => ({ graph: architecture.graph, parameters: shapesOf(architecture) }),
      layer,
      [...values],
      [224, 224],
    ];
  }),
  ...(
    [
      ['conv4_2', [84, 8, 38]],
      ['conv5_1', [156, 16, 70]],
    ] as const
  ).map(([layer, values]): (typeof known)[number] => {
    const { graph, tensors } = vgg19();
    return ['vgg19', () => ({ graph, parameters: shapesOnly(tensors) }), layer, [...values], [224, 224]];
  }),
];

describe('receptiveField of published networks', () => {
  it.each(known)('%s to %3$s', (_, build, layer, [size, stride, padding], sizes) => {
    const { graph, parameters } = build();
    const inputs = { image: [1, ...sizes, 3] };
    expect(receptiveField(graph, layer, { inputs, parameters })).toEqual(square(size, stride, padding));
  });

  it.each(known)('%s: a unit of %3$s has gradients just there', (_, build, layer) => {
    const { graph, parameters } = build();
    // Tall enough for a whole field, and of an even size at every stride. What hangs over a side may be seen less far than
    // the field reaches, since inner maps end before the image does.
    const inputs = { image: [1, 640, 224, 3] };
    const field = receptiveField(graph, layer, { inputs, parameters });
    const row = Math.ceil((field[0]!.padding + 3) / field[0]!.stride);
    const [down, across] = clipped(field, [row, 3], [640, 224]);
    expect(down![1]! - down![0]!).toBe(field[0]!.size - 1);
    const seen = seenByGradient(graph, layer, { inputs, parameters }, [row, 3]);
    expect(seen[0]).toEqual(down);
    expect(seen[1]![0]).toBeGreaterThanOrEqual(across![0]!);
    expect(seen[1]![1]).toBeLessThanOrEqual(across![1]!);
  });

  it('of blocks of the face network, residual branches united', () => {
    const architecture = faceRecognition();
    const options = { inputs: { image: [1, 150, 150, 3] }, parameters: shapesOf(architecture) };
    const middles = { conv32_down: 35, maxpool: 17, conv32_1: 17, conv32_3: 17, conv64_down: 8, conv64_1: 8 };
    const fields = receptiveFields(architecture.graph, Object.keys(middles), options);
    expect(fields.get('conv32_1')).toEqual(square(27, 4, 8));
    for (const [layer, middle] of Object.entries(middles)) {
      const position = [middle, middle - 1];
      const seen = seenByGradient(architecture.graph, layer, options, position);
      expect(seen, layer).toEqual(clipped(fields.get(layer)!, position, [150, 150]));
    }
  });
});

/** One graph of one op or a few, its parameters by their shapes. */
function network(shapes: Record<string, Shape>, build: (graph: Graph, x: Node) => Node) {
  const graph = new Graph();
  const last = build(graph, graph.input('x'));
  return { graph, layer: last.name, parameters: shapesOnly(new Map(Object.entries(shapes))) };
}

describe('receptiveField', () => {
  const window = fc.record({
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    padding: fc.constantFrom<('valid' | 'same' | 'same-before' | 1)[]>('valid', 'same', 'same-before', 1),
    op: fc.constantFrom('conv', 'depthwise', 'pool'),
  });

  it.each([1, 2, 3])('agrees with gradients through random windows of rank %i', (rank) => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: rank === 1 ? 3 : 2 }), fc.nat(), (windows, at) => {
        const sizes = new Array<number>(rank).fill(rank === 1 ? 81 : 27);
        const shapes: Record<string, Shape> = {};
        const graph = new Graph();
        let last = graph.input('x');
        for (const [i, { kernel, stride, dilation, padding, op }] of windows.entries()) {
          const size = new Array<number>(rank).fill(kernel);
          shapes[`w${i}`] = [...size, 1, 1];
          last =
            op === 'pool'
              ? graph.apply(averagePool, [last], {
                  attributes: { size, stride, padding: padding === 1 ? 'valid' : padding },
                })
              : graph.apply(op === 'conv' ? conv : depthwiseConv, [last], {
                  attributes: { stride, dilation, padding },
                  parameters: { filters: `w${i}` },
                });
        }
        const layer = last.name;
        const options = { inputs: { x: [1, ...sizes, 1] }, parameters: shapesOnly(new Map(Object.entries(shapes))) };
        const output = inferShapes(graph.nodes, options.inputs, options.parameters).get(graph.node(layer))!;
        const position = output.slice(1, -1).map((size) => at % size);
        const field = receptiveField(graph, layer, options);
        const seen = seenByGradient(graph, layer, options, position);
        for (const [i, axis] of field.entries()) {
          const { first, size } = cellsOfUnit(axis, position[i]!);
          const [from, to] = seen[i]!;
          // Gaps of strides and dilations at an edge, and inner maps that end early, take from the field; nothing adds to it.
          expect(from).toBeGreaterThanOrEqual(first);
          expect(to).toBeLessThanOrEqual(first + size - 1);
          const inside = first >= 0 && first + size <= sizes[i]!;
          if (inside && windows.every(({ padding }) => padding === 'valid'))
            expect([from, to]).toEqual([first, first + size - 1]);
        }
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('counts zeros of a pad, and unites branches of one stride', () => {
    const { graph, layer, parameters } = network({ w: [5, 5, 3, 3] }, (graph, x) => {
      const padded = graph.apply(pad, [x], { attributes: { before: [0, 2, 1, 0], after: [0, 2, 3, 0] } });
      const wide = graph.apply(conv, [padded], { parameters: { filters: 'w' } });
      const sum = graph.apply(add, [wide, x]);
      return graph.apply(relu, [sum], { name: 'y' });
    });
    expect(receptiveField(graph, layer, { inputs: { x: [1, 20, 20, 3] }, parameters })).toEqual([
      { size: 5, stride: 1, padding: 2 },
      { size: 5, stride: 1, padding: 1 },
    ]);
  });

  it('is the whole input behind a fully connected layer, a normalisation by own moments, and unequal branches', () => {
    const whole = [
      { size: 8, stride: 0, padding: 0 },
      { size: 6, stride: 0, padding: 0 },
    ];
    const inputs = { x: [1, 8, 6, 3] };
    const cases = [
      network({ w: [144, 5] }, (g, x) => g.apply(dense, [g.apply(flatten, [x])], { parameters: { filters: 'w' } })),
      network({}, (g, x) => g.apply(maxPool, [g.apply(instanceNorm, [x])], { attributes: { size: 2 } })),
      network({}, (g, x) => {
        const small = g.apply(maxPool, [x], { attributes: { size: 2 } });
        const cut = g.apply(pad, [small], { attributes: { before: [0, 4, 3, 0], after: [0, 0, 0, 0] } });
        return g.apply(concat, [cut, x]);
      }),
    ];
    for (const { graph, layer, parameters } of cases)
      expect(receptiveField(graph, layer, { inputs, parameters })).toEqual(whole);
  });

  it('bounds what units of an enlarging op see', () => {
    const inputs = { x: [1, 9, 9, 2] };
    const transposed = network({ w: [3, 3, 2, 2] }, (g, x) =>
      g.apply(convTranspose, [x], { attributes: { size: [19, 19], stride: 2 }, parameters: { filters: 'w' } }),
    );
    const resized = network({}, (g, x) =>
      g.apply(resizeBilinear, [x], { attributes: { size: [18, 18], coordinates: 'half-pixel' } }),
    );
    for (const { graph, layer, parameters } of [transposed, resized]) {
      const [axis] = receptiveField(graph, layer, { inputs, parameters });
      expect(axis!.stride).toBe(0.5);
      for (let i = 3; i < 15; i++) {
        const { first, size } = cellsOfUnit(axis!, i);
        const [[from, to]] = seenByGradient(graph, layer, { inputs, parameters }, [i, 8]) as [
          readonly [number, number],
        ];
        expect(from).toBeGreaterThanOrEqual(first);
        expect(to).toBeLessThanOrEqual(first + size - 1);
      }
    }
  });

  it('names what does not fit', () => {
    const { graph, parameters } = network({ w: [3, 3, 1, 1] }, (g, x) => {
      g.apply(relu, [g.input('other')], { name: 'apart' });
      return g.apply(conv, [x], { name: 'y', parameters: { filters: 'w' } });
    });
    const inputs = { x: [1, 8, 8, 1], other: [1, 8, 8, 1] };
    const field = (layer: string, input?: string) =>
      receptiveField(graph, layer, { inputs, parameters, ...(input && { input }) });
    expect(() => field('conv9')).toThrow(/no node is called "conv9"; there are x, other, apart, y/);
    expect(() => field('apart', 'x')).toThrow(new InputError('receptiveField: "apart" does not depend on input "x"'));
    expect(() => field('y', 'z')).toThrow(/no node is called "z"/);
    expect(() => field('y', 'y')).toThrow(/input must be one of x/);
    expect(() => parameters.read('w')).toThrow(/only the shape is known/);
    expect(() => receptiveField(graph, 'y', { inputs: { x: [1, 2, 2, 1] }, parameters })).toThrow(/does not fit/);
  });
});
