import { library } from './library.mjs';
import { randomFloats } from './random.mjs';

/** 3 × 3 convolutions, channels and sides; a product of matrices by its side. */
export const CONVOLUTIONS = [
  [64, 224],
  [128, 112],
  [256, 56],
  [512, 28],
];
export const PRODUCTS = [512, 1024];

/** The same work on several engines: { name, flops, runs: one function an engine, which returns the result }. */
export async function* workOn(engines) {
  const { Graph, conv, dense, parametersOf, plan } = await library('./graph');
  const planned = (op, attributes, x, w) => {
    const graph = new Graph();
    graph.apply(op, [graph.input('x')], { name: 'y', attributes, parameters: { filters: 'w' } });
    const values = randomFloats(elements(x), 1);
    const parameters = parametersOf({ w: { shape: w, values: randomFloats(elements(w), 2) } });
    return engines.map((engine) => {
      const made = plan(graph, { engine, parameters, inputs: { x } });
      const y = new Float32Array(elements(made.outputs.get('y')));
      return () => made.run({ x: values }, { y }).y;
    });
  };
  for (const [channels, side] of CONVOLUTIONS)
    yield {
      name: `conv ${channels}→${channels}@${side}`,
      flops: 2 * 9 * channels ** 2 * side ** 2,
      runs: planned(conv, { padding: 'same' }, [1, side, side, channels], [3, 3, channels, channels]),
    };
  for (const size of PRODUCTS)
    yield { name: `gemm ${size}³`, flops: 2 * size ** 3, runs: planned(dense, {}, [size, size], [size, size]) };
}

const elements = (shape) => shape.reduce((product, size) => product * size, 1);
