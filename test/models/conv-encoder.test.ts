import { describe, expect, it } from 'vitest';
import { plan, workspaceOf } from '../../src/graph/plan.ts';
import { convEncoder } from '../../src/models/conv-encoder.ts';
import { randomArray } from '../support/random.ts';

describe('convEncoder', () => {
  it('is four blocks of 64 and an embedding of length 1, as it stands', () => {
    const encoder = convEncoder();
    expect(encoder.shape).toEqual([28, 28, 1]);
    expect(encoder.tensors.get('block4/conv/filters')!.shape).toEqual([3, 3, 64, 64]);
    expect(encoder.tensors.get('head/filters')!.shape).toEqual([64, 128]);
    const planned = plan(encoder.graph, { parameters: encoder.initialise(1), inputs: { image: [3, 28, 28, 1] } });
    expect(planned.outputs.get(encoder.output)).toEqual([3, 128]);
    const embeddings = planned.run({ image: randomArray(3 * 28 * 28, 1) })[encoder.output]!;
    for (const i of [0, 1, 2]) {
      const squares = embeddings.slice(i * 128, (i + 1) * 128).reduce((sum, v) => sum + v * v, 0);
      expect(squares).toBeCloseTo(1, 5);
    }
  });

  it('compares batch rows with one set of weights: equal pictures have equal embeddings', () => {
    const encoder = convEncoder({ size: 12, filters: [8, 8], embedding: 16 });
    const planned = plan(encoder.graph, { parameters: encoder.initialise(1), inputs: { image: [2, 12, 12, 1] } });
    const picture = randomArray(144, 4);
    const out = planned.run({ image: Float32Array.of(...picture, ...picture) })[encoder.output]!;
    expect(out.slice(16)).toEqual(out.slice(0, 16));
  });

  it('takes any size, channels, blocks, with or without a head and length 1', () => {
    const encoder = convEncoder({
      size: [9, 14],
      channels: 3,
      filters: [8, 16, 24],
      pool: [true, false, true],
      embedding: 0,
      normalized: false,
    });
    expect(encoder.output).toBe('features');
    const planned = plan(encoder.graph, { parameters: encoder.initialise(2), inputs: { image: [1, 9, 14, 3] } });
    expect(planned.outputs.get('features')).toEqual([1, 2 * 3 * 24]);
  });

  it.each([
    [[40], [3, 8, 12], 10],
    [[12, 9, 10], [3, 3, 3, 8, 12], 3 * 2 * 2],
  ])('encodes sequences and volumes of size %j', (size, filters, cells) => {
    const encoder = convEncoder({ size, channels: 2, filters: [8, 12], embedding: 6 });
    expect(encoder.tensors.get('block2/conv/filters')!.shape).toEqual(filters);
    expect(encoder.tensors.get('head/filters')!.shape).toEqual([cells * 12, 6]);
    const planned = plan(encoder.graph, {
      parameters: encoder.initialise(1),
      inputs: { image: [2, ...encoder.shape] },
    });
    const example = randomArray(
      size.reduce((product, axis) => product * axis, 2),
      3,
    );
    const out = planned.run({ image: Float32Array.of(...example, ...example) })[encoder.output]!;
    expect(out.slice(6)).toEqual(out.slice(0, 6));
  });

  it('takes a volume of 128 × 128 × 128 forward and backward in a quarter of a gigabyte', () => {
    const encoder = convEncoder({ size: [128, 128, 128], filters: [8, 16, 32, 32], embedding: 64 });
    const bytes = workspaceOf(encoder.graph, {
      parameters: encoder.initialise(1),
      inputs: { image: [1, ...encoder.shape] },
      gradients: { parameters: 'all', nodes: ['image'] },
    });
    expect(bytes).toBeGreaterThan(2 * 4 * 128 ** 3);
    expect(bytes).toBeLessThan(256 * 2 ** 20);
  });

  it('stops halving where there is nothing to halve', () => {
    const encoder = convEncoder({ size: 4, filters: [8, 8, 8, 8], embedding: 5 });
    expect(encoder.tensors.get('head/filters')!.shape).toEqual([8, 5]);
  });

  it.each([
    [{ filters: [] }, 'filters must name a block or more'],
    [{ filters: [0] }, 'filters must be a whole number of at least 1, got 0'],
    [{ size: 0 }, 'size must be'],
    [{ size: [] }, 'size must be a number, or one for each of 1 to 3 axes, got []'],
    [{ size: [4, 4, 4, 4] }, 'size must be a number, or one for each of 1 to 3 axes'],
    [{ embedding: -1 }, 'embedding must be a whole number of at least 0, got -1'],
  ])('refuses %j', (options, message) => {
    expect(() => convEncoder(options)).toThrow(`convEncoder: ${message}`);
  });
});
