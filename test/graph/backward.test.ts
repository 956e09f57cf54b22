import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add } from '../../src/graph/ops/add.ts';
import { affine } from '../../src/graph/ops/affine.ts';
import { batchNorm } from '../../src/graph/ops/batch-norm.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { tanh } from '../../src/graph/ops/tanh.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { type PlanOptions, plan } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';

const C = 8;
const shape = [1, 6, 7, C];
const elements = 42 * C;
const attributes = { padding: 'same' } as const;
const filters = (seed: number) => ({ shape: [3, 3, C, C], values: randomArray(9 * C * C, seed) });
const vector = (seed: number) => ({ shape: [C], values: randomArray(C, seed) });
const parameters = parametersOf({ w: filters(1), b: vector(2), s: vector(3), t: vector(4) });

/** x → conv → affine → relu (a) → conv with the same filters → + a → relu (out). */
function shared() {
  const graph = new Graph();
  const first = graph.apply(conv, [graph.input('x')], {
    name: 'linear',
    attributes,
    parameters: { filters: 'w', bias: 'b' },
  });
  const scaled = graph.apply(affine, [first], { name: 'scaled', parameters: { scale: 's', shift: 't' } });
  const a = graph.apply(relu, [scaled], { name: 'a' });
  const second = graph.apply(conv, [a], { name: 'second', attributes, parameters: { filters: 'w' } });
  graph.apply(relu, [graph.apply(add, [second, a], { name: 'sum' })], { name: 'out' });
  return graph;
}

const x = randomArray(elements, 5);
const seed = randomArray(elements, 6);
const planOf = (options: Omit<PlanOptions, 'parameters' | 'inputs'>) =>
  plan(shared(), { parameters, inputs: { x: shape }, ...options });
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);

describe('backward through a plan', () => {
  it('adds the parts of a value that two nodes read, and of a parameter that two nodes name', () => {
    const whole = planOf({ gradients: { nodes: ['x', 'a'], parameters: 'all' } });
    const { out } = whole.run({ x });
    const { nodes, parameters: byName } = whole.backward({ out: seed });
    expect(Object.keys(nodes)).toEqual(['x', 'a']);
    expect(Object.keys(byName).sort()).toEqual(['b', 's', 't', 'w']);
    const step = 1e-3;
    const value = (at: Float32Array) => dot(planOf({}).run({ x: at }).out!, seed);
    for (const i of [0, 7, 55, 200]) {
      const [up, down] = [x.slice(), x.slice()];
      up[i]! += step;
      down[i]! -= step;
      expect(nodes.x![i]!).toBeCloseTo((value(up) - value(down)) / (2 * step), 1);
    }
    expect(out!.length).toBe(elements);
  });

  it('starts from several outputs at once: the gradient is the sum of each one’s', () => {
    const gradientOf = (seeds: Record<string, Float32Array>) => {
      const made = planOf({ outputs: ['a', 'out'], gradients: { nodes: ['x'] } });
      made.run({ x });
      return made.backward(seeds).nodes.x!;
    };
    const [both, a, out] = [gradientOf({ a: seed, out: x }), gradientOf({ a: seed }), gradientOf({ out: x })];
    expect(
      relativeError(
        both,
        a.map((v, i) => v + out[i]!),
      ),
    ).toBeLessThan(tolerance.sum);
    expect(gradientOf({})).toEqual(new Float32Array(elements));
  });

  it('gives the same gradient whether affines are folded into filters or not', () => {
    const folded = planOf({ gradients: { nodes: ['x'] } });
    const apart = planOf({ outputs: ['linear', 'out'], gradients: { nodes: ['x'] } });
    expect(folded.steps.length).toBeLessThan(apart.steps.length);
    for (const made of [folded, apart]) made.run({ x });
    const [one, two] = [folded, apart].map((made) => made.backward({ out: seed }).nodes.x!);
    expect(relativeError(one!, two!)).toBeLessThan(tolerance.winograd);
  });

  it('does no work below what was asked for', () => {
    const made = planOf({ outputs: ['a', 'out'], gradients: { nodes: ['a'] } });
    made.run({ x });
    expect(() => made.backward({ a: seed })).not.toThrow();
    const deep = planOf({ outputs: ['a', 'out'], gradients: { nodes: ['sum'] } });
    deep.run({ x });
    expect(() => deep.backward({ a: seed })).toThrow('nothing that was asked for lies before output "a"');
  });

  it('lets through what the rule says', () => {
    const through = (rule: 'gradient' | 'guided' | 'deconvnet') => {
      const graph = new Graph();
      graph.apply(relu, [graph.input('x')], { name: 'y' });
      const made = plan(graph, { parameters: parametersOf({}), inputs: { x: [4] }, gradients: { nodes: ['x'] } });
      made.run({ x: Float32Array.of(1, 1, -1, -1) });
      return [...made.backward({ y: Float32Array.of(2, -2, 2, -2) }, { rule }).nodes.x!];
    };
    expect(through('gradient')).toEqual([2, -2, 0, 0]);
    expect(through('guided')).toEqual([2, 0, 0, 0]);
    expect(through('deconvnet')).toEqual([2, 0, 2, 0]);
  });

  it('writes a gradient over one that nobody needs any more, and never over one that was asked for', () => {
    const graph = new Graph();
    const input = graph.input('x');
    const normed = graph.apply(batchNorm, [input], { name: 'normed', attributes: { mode: 'train' } });
    graph.apply(add, [graph.apply(tanh, [normed], { name: 'bent' }), input], { name: 'out' });
    const run = (nodes: string[]) => {
      const made = plan(graph, { parameters: parametersOf({}), inputs: { x: shape }, gradients: { nodes } });
      made.run({ x });
      const gradients = made.backward({ out: seed }).nodes;
      return { made, gradients, places: made.steps.map(({ at }) => [at.outputGradient, at.inputGradients[0]]) };
    };
    const [one, all] = [run(['x']), run(['x', 'normed', 'bent'])];
    for (const [output, inputGradient] of one.places.slice(1)) expect(inputGradient).toBe(output);
    expect(new Set(all.places.flat()).size).toBe(3);
    expect(all.gradients.x).toEqual(one.gradients.x);
    expect(all.gradients.bent).toEqual(seed);
    expect(one.made.workspaceBytes).toBeLessThan(all.made.workspaceBytes);
  });

  it('keeps memory constant over 1,000 runs, into arrays of the caller', () => {
    const engine = createEngine();
    const made = planOf({ engine, gradients: { nodes: ['x'], parameters: ['w'] } });
    const into = { nodes: { x: new Float32Array(elements) }, parameters: { w: new Float32Array(9 * C * C) } };
    const outputs = { out: new Float32Array(elements) };
    made.run({ x }, outputs);
    made.backward({ out: seed }, { into });
    const first = into.parameters.w.slice();
    const before = [engine.memory.bytes, engine.regions.usedBytes];
    for (let i = 0; i < 1000; i++) {
      made.run({ x }, outputs);
      made.backward({ out: seed }, { into });
    }
    expect([engine.memory.bytes, engine.regions.usedBytes]).toEqual(before);
    expect(into.parameters.w).toEqual(first);
  });

  it('holds a workspace of its own, which nobody overwrites between forward and backward, and gives it back', () => {
    const engine = createEngine();
    const made = planOf({ engine, gradients: { nodes: ['x'] } });
    made.run({ x });
    const alone = made.backward({ out: seed }).nodes.x!;
    made.run({ x });
    planOf({ engine }).run({ x: seed });
    expect(made.backward({ out: seed }).nodes.x).toEqual(alone);
    const before = engine.regions.usedBytes;
    made.close();
    expect(engine.regions.usedBytes).toBe(before - made.workspaceBytes);
    expect(() => made.run({ x })).toThrow('plan: it is closed');
  });

  it.each([
    [
      'a target behind the outputs',
      () => planOf({ outputs: ['a'], gradients: { nodes: ['out'] } }),
      'no output depends on node "out"',
    ],
    ['an unknown parameter', () => planOf({ gradients: { parameters: ['v'] } }), 'no output depends on parameter "v"'],
    [
      'a plan without gradients',
      () => planOf({}).backward({ out: seed }),
      'backward: this plan was made without `gradients`',
    ],
    [
      'a backward before any run',
      () => planOf({ gradients: { nodes: ['x'] } }).backward({ out: seed }),
      'a run must come before',
    ],
    [
      'a seed that is no output',
      () => {
        const made = planOf({ gradients: { nodes: ['x'] } });
        made.run({ x });
        made.backward({ sum: seed });
      },
      'seed "sum" must name an output: out',
    ],
    [
      'a short seed',
      () => {
        const made = planOf({ gradients: { nodes: ['x'] } });
        made.run({ x });
        made.backward({ out: seed.subarray(1) });
      },
      'seed "out" must be a Float32Array of 336 [1,6,7,8], got Float32Array of 335',
    ],
  ] as const)('refuses %s', (_, act, message) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });
});
