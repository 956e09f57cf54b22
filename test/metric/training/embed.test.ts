import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/graph/plan.ts';
import { arrayDataset } from '../../../src/metric/training/dataset.ts';
import { ExampleEncoder, embedDataset } from '../../../src/metric/training/embed.ts';
import { convEncoder } from '../../../src/models/conv-encoder.ts';
import { randomArray } from '../../support/random.ts';

const encoder = convEncoder({ size: 8, filters: [8], embedding: 6 });
const parameters = encoder.initialise(1);
const pictures = Array.from({ length: 7 }, (_, i) => randomArray(64, i + 1));
const dataset = arrayDataset(
  pictures.map((values, i) => ({ class: `c${i % 3}`, values })),
  [8, 8, 1],
);

describe('embedDataset', () => {
  it('gives the rows of the network, whatever the size of its runs', () => {
    const planned = plan(encoder.graph, { parameters, inputs: { image: [1, 8, 8, 1] } });
    const expected = Float32Array.from(pictures.flatMap((image) => [...planned.run({ image })[encoder.output]!]));
    for (const rows of [1, 3, 7, 64])
      expect(embedDataset(encoder.graph, dataset, { parameters, rows })).toEqual(expected);
  });

  it('brings pictures to the size of the input', () => {
    const large = arrayDataset([{ class: 'a', values: randomArray(256, 1) }], [16, 16, 1]);
    expect(embedDataset(encoder.graph, large, { parameters, shape: [8, 8, 1] })).toHaveLength(6);
    const colours = arrayDataset([{ class: 'a', values: randomArray(192, 1) }], [8, 8, 3]);
    expect(() => embedDataset(encoder.graph, colours, { parameters, shape: [8, 8, 1] })).toThrow(
      "examples are [8,8,3], the network's input is [8,8,1] a row",
    );
  });

  it('changes examples as a function of path and place', () => {
    const network = new ExampleEncoder(encoder.graph, [8, 8, 1], { parameters, rows: 2 });
    const augment = { rotate: 20 };
    const once = network.embed(dataset, [0, 1, 2], augment, [5, 1]);
    expect(network.embed(dataset, [0, 1, 2], augment, [5, 1])).toEqual(once);
    expect(network.embed(dataset, [0, 1, 2], augment, [5, 2])).not.toEqual(once);
    expect(network.embed(dataset, [0, 1, 2])).not.toEqual(once);
    network.close();
  });
});
