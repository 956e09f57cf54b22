import { resolveWindow } from '../../src/core/window.ts';
import type { Graph, Node } from '../../src/graph/graph.ts';
import type { Rule } from '../../src/graph/op.ts';
import type { PoolAttributes } from '../../src/graph/ops/pool-window.ts';
import type { Parameters } from '../../src/graph/parameters.ts';
import type { Tensor } from '../support/run-op.ts';
import { convolution, convolutionGradients } from './convolution.ts';
import { maxPoolOracle } from './pool.ts';

/**
 * Deconvnet, guided backpropagation and plain gradients by their definitions, in float64, for graphs of conv, ReLU, max pool
 * and add: every node's value first, then the signal node by node from the last to the first.
 */
export function projection(
  graph: Graph,
  parameters: Parameters,
  sample: Tensor,
  { layer, index, rule }: { layer: string; index: number; rule: Rule },
): { values: ReadonlyMap<string, Tensor>; signal: Float64Array } {
  const values = new Map<string, Tensor>();
  const last = graph.node(layer).id;
  for (const node of graph.nodes.slice(0, last + 1))
    values.set(node.name, node.op ? forward(node, values, parameters) : sample);
  const signals = new Map<string, Float64Array>();
  const top = values.get(layer)!.values;
  const seed = new Float64Array(top.length);
  seed[index] = rule === 'deconvnet' ? top[index]! : 1;
  signals.set(layer, seed);
  for (const node of graph.nodes.slice(0, last + 1).reverse()) {
    const signal = signals.get(node.name);
    if (!signal || !node.op) continue;
    for (const [i, input] of node.inputs.entries()) {
      const part = backward(node, i, values, parameters, signal, rule);
      signals.set(input.name, signals.get(input.name)?.map((value, at) => value + part[at]!) ?? part);
    }
  }
  const input = graph.nodes.find((node) => !node.op)!;
  return { values, signal: signals.get(input.name)! };
}

const convCase = (node: Node, x: Tensor, parameters: Parameters) => {
  const name = node.parameters.filters!;
  const { shape } = parameters.get(name);
  return {
    x,
    filters: { shape, values: parameters.read(name) },
    window: resolveWindow('conv', x.shape, shape.slice(0, -2), node.attributes),
    groups: 1,
  };
};

function forward(node: Node, values: ReadonlyMap<string, Tensor>, parameters: Parameters): Tensor {
  const [a, b] = node.inputs.map((input) => values.get(input.name)!);
  switch (node.op!.name) {
    case 'conv': {
      const at = convCase(node, a!, parameters);
      const sizes = a!.shape.slice(1, -1);
      const bias = parameters.read(node.parameters.bias!);
      return { shape: [1, ...sizes, at.filters.shape.at(-1)!], values: convolution(at, bias) };
    }
    case 'relu':
      return { shape: a!.shape, values: Float64Array.from(a!.values, (v) => Math.max(v, 0)) };
    case 'add':
      return { shape: a!.shape, values: Float64Array.from(a!.values, (v, i) => v + b!.values[i]!) };
    case 'maxPool': {
      const shape = a!.shape.map((size, i) => (i === 0 || i === a!.shape.length - 1 ? size : Math.floor(size / 2)));
      return { shape, values: maxPoolOracle.forward({ x0: a! }, node.attributes as PoolAttributes) };
    }
    default:
      throw new Error(`oracle: ${node.op!.name}`);
  }
}

function backward(
  node: Node,
  input: number,
  values: ReadonlyMap<string, Tensor>,
  parameters: Parameters,
  signal: Float64Array,
  rule: Rule,
): Float64Array {
  const x = values.get(node.inputs[input]!.name)!;
  switch (node.op!.name) {
    case 'conv':
      return convolutionGradients(convCase(node, x, parameters), signal).x;
    case 'relu':
      return signal.map((value, i) => {
        const open = rule === 'deconvnet' || x.values[i]! > 0;
        const passes = rule === 'gradient' || value > 0;
        return open && passes ? value : 0;
      });
    case 'maxPool':
      return Float64Array.from(maxPoolOracle.gradients({ x0: x }, node.attributes as PoolAttributes, signal).x0!);
    default:
      return signal;
  }
}
