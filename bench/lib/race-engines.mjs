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

/** Convolutions in a row: as in a network, most of them neither begin with the caller's array nor end in one. */
const IN_A_ROW = 4;

/**
 * The same work on several engines: { name, flops, inARow, runs: one function an engine, which returns the result of so many
 * times the work }.
 */
export async function* workOn(engines) {
  const { Graph, conv, dense, parametersOf, plan } = await library('./graph');
  const planned = (op, attributes, inARow, x, w) => {
    const graph = new Graph();
    let node = graph.input('x');
    for (let i = 1; i <= inARow; i++)
      node = graph.apply(op, [node], { name: i === inARow ? 'y' : `y${i}`, attributes, parameters: { filters: 'w' } });
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
      inARow: IN_A_ROW,
      runs: planned(conv, { padding: 'same' }, IN_A_ROW, [1, side, side, channels], [3, 3, channels, channels]),
    };
  for (const size of PRODUCTS)
    yield {
      name: `gemm ${size}³`,
      flops: 2 * size ** 3,
      inARow: 1,
      runs: planned(dense, {}, 1, [size, size], [size, size]),
    };
}

const elements = (shape) => shape.reduce((product, size) => product * size, 1);
