import { elementsOf } from '../core/shape.ts';
import { Graph } from '../graph/graph.ts';
import { conv } from '../graph/ops/conv.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { relu } from '../graph/ops/relu.ts';
import { parametersOf } from '../graph/parameters.ts';
import { ownFeatures } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import { stylizeHere } from '../style/here.ts';
import { noise, picture } from './noise.ts';

/** Filters of three layers, as large as trained ones: activations neither vanish nor explode. */
const shapes = { a: [3, 3, 3, 8], b: [3, 3, 8, 8], c: [3, 3, 8, 12] } as const;

function network() {
  const graph = new Graph();
  let x = graph.input('image');
  for (const name of ['a', 'b', 'c']) {
    if (name === 'c') x = graph.apply(maxPool, [x], { attributes: { size: 2 } });
    const linear = graph.apply(conv, [x], { attributes: { padding: 'same' }, parameters: { filters: name } });
    x = graph.apply(relu, [linear], { name });
  }
  const stored = Object.entries(shapes).map(([name, shape], i) => {
    const width = Math.sqrt(6 / elementsOf(shape.slice(0, -1)));
    return [name, { shape, values: noise(shape, 90 + i).map((value) => value * width) }];
  });
  return ownFeatures({
    graph,
    parameters: parametersOf(Object.fromEntries(stored)),
    layers: ['a', 'b', 'c'],
    content: ['c'],
    style: ['a', 'c'],
    input: { channels: 3, usualSize: 24, leastSize: 8 },
    mean: 120,
    divisor: 60,
  });
}

/** Ten iterations of painting one picture in the style of another, five a size, by L-BFGS: losses, and the picture. */
export async function painting(engine: Engine): Promise<(Float32Array | Uint8Array)[]> {
  const options = { network: network(), size: 36, steps: 5, levels: 2, seed: 1, start: 'normal', engine } as const;
  const losses: number[] = [];
  let painted = new Uint8Array();
  for await (const step of stylizeHere({ ...options, content: picture(44, 36), style: picture(40, 52) })) {
    losses.push(step.losses.content, step.losses.style, step.losses.variation, step.losses.total);
    if (step.iteration === step.of) painted = Uint8Array.from(step.image().data);
  }
  return [Float32Array.from(losses), painted];
}
