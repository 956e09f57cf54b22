// Run by Node 22 and 24 (fast.test.ts): what `precision: 'fast'` computes there, as JSON.
import { createHash } from 'node:crypto';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { resolveWindow } from '../../src/core/window.ts';
import { Graph } from '../../src/graph/graph.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import { convolution, convolutionGradients } from '../oracle/convolution.ts';
import { randomArray } from '../support/random.ts';

export interface FastResult {
  readonly name: string;
  readonly kernel: string;
  /** Largest error over the largest value, of output and gradients together. */
  readonly error: number;
  /** Whether any bit differs from the reproducible build's, and between one thread and two. */
  readonly differs: boolean;
  readonly differsInThreads: boolean;
  /** SHA-256 of what the reproducible build gives. */
  readonly reproducible: string;
}

const CASES: readonly [name: string, input: Shape, filters: Shape, attributes: object][] = [
  ['product', [1, 19, 23, 40], [1, 1, 40, 44], {}],
  ['Winograd, one block', [1, 21, 19, 32], [3, 3, 32, 40], { padding: 'same' }],
  ['Winograd, shared blocks', [1, 32, 31, 64], [3, 3, 64, 64], { padding: 1 }],
  ['Winograd, large map', [1, 48, 53, 16], [3, 3, 16, 16], { padding: 1 }],
  ['direct', [1, 17, 18, 5], [3, 3, 5, 9], { padding: 1, stride: 2 }],
];

function run(engine: Engine, input: Shape, filters: Shape, attributes: object) {
  const graph = new Graph();
  graph.apply(conv, [graph.input('x')], { name: 'y', attributes, parameters: { filters: 'filters' } });
  const planned = plan(graph, {
    parameters: parametersOf({ filters: { shape: filters, values: randomArray(elementsOf(filters), 2) } }),
    inputs: { x: input },
    gradients: { nodes: ['x'], parameters: 'all' },
    engine,
  });
  const { y } = planned.run({ x: randomArray(elementsOf(input), 1) });
  const { nodes, parameters } = planned.backward({ y: randomArray(y!.length, 3) });
  return { kernel: planned.steps[0]!.site.kernel, arrays: [y!, nodes.x!, parameters.filters!] };
}

function exact(input: Shape, filters: Shape, attributes: object): Float64Array[] {
  const x = { shape: input, values: randomArray(elementsOf(input), 1) };
  const w = { shape: filters, values: randomArray(elementsOf(filters), 2) };
  const window = resolveWindow('conv', input, filters.slice(0, -2), attributes);
  const given = { x, filters: w, window, groups: 1 };
  const y = convolution(given);
  const gradients = convolutionGradients(given, randomArray(y.length, 3));
  return [y, gradients.x, gradients.filters];
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const errorOf = (values: Float32Array, expected: Float64Array): number =>
  largest(expected.map((value, i) => value - values[i]!)) / largest(expected);
const differ = (a: readonly Float32Array[], b: readonly Float32Array[]): boolean =>
  a.some((values, i) => values.some((value, at) => value !== b[i]![at]));

const plain = createEngine();
const fast = await createEngine({ precision: 'fast' });
const threaded = await createEngine({ precision: 'fast', threads: 2 });
const results = CASES.map(([name, input, filters, attributes]): FastResult => {
  const { kernel, arrays } = run(fast, input, filters, attributes);
  const reproducible = run(plain, input, filters, attributes).arrays;
  const expected = exact(input, filters, attributes);
  const hash = createHash('sha256');
  for (const values of reproducible) hash.update(new Uint8Array(values.buffer));
  return {
    name,
    kernel,
    error: Math.max(...arrays.map((values, i) => errorOf(values, expected[i]!))),
    differs: differ(arrays, reproducible),
    differsInThreads: differ(arrays, run(threaded, input, filters, attributes).arrays),
    reproducible: hash.digest('hex'),
  };
});
process.stdout.write(JSON.stringify({ precision: fast.precision, threads: threaded.threads, results }));
