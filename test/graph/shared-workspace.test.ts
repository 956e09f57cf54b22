import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan, workspaceOf } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { randomArray } from '../support/random.ts';

const graph = new Graph();
const linear = graph.apply(conv, [graph.input('x')], { attributes: { padding: 'same' }, parameters: { filters: 'w' } });
graph.apply(relu, [linear], { name: 'y' });
const parameters = parametersOf({ w: { shape: [3, 3, 4, 8], values: randomArray(288, 1) } });
const options = (side: number, engine = createEngine()) => ({
  parameters,
  inputs: { x: [1, side, side, 4] },
  gradients: { nodes: ['x'] },
  engine,
});
const x = (side: number) => randomArray(side * side * 4, 2);
const seed = (side: number) => ({ y: randomArray(side * side * 8, 3) });

describe('plans with gradients in a shared workspace', () => {
  it('give the same bits as in their own, in the memory of the largest', () => {
    const engine = createEngine();
    const plans = [24, 16].map((side) => plan(graph, { ...options(side, engine), workspace: 'shared' }));
    const used = engine.regions.usedBytes;
    for (const [i, side] of [24, 16].entries()) {
      const own = plan(graph, options(side));
      expect(plans[i]!.run({ x: x(side) })).toEqual(own.run({ x: x(side) }));
      expect(plans[i]!.backward(seed(side))).toEqual(own.backward(seed(side)));
    }
    expect(engine.regions.usedBytes).toBe(used);
    expect(plans[0]!.workspaceBytes).toBeGreaterThan(plans[1]!.workspaceBytes);
  });

  it('refuse to go back where another plan has run since, or the workspace was given back', () => {
    const engine = createEngine();
    const [a, b] = [16, 24].map((side) => plan(graph, { ...options(side, engine), workspace: 'shared' }));
    const message = 'backward: another plan has taken the shared workspace since the run';
    a!.run({ x: x(16) });
    b!.run({ x: x(24) });
    expect(() => a!.backward(seed(16))).toThrow(message);
    b!.backward(seed(24));
    a!.run({ x: x(16) });
    engine.releaseWorkspace();
    expect(() => a!.backward(seed(16))).toThrow(message);
  });
});

describe('workspaceOf', () => {
  it('tells what a plan needs before there is one', () => {
    for (const side of [16, 33]) {
      const engine = createEngine();
      const bytes = workspaceOf(graph, options(side, engine));
      const before = engine.regions.usedBytes;
      const made = plan(graph, options(side, engine));
      expect(made.workspaceBytes).toBe(bytes);
      expect(engine.regions.usedBytes - before).toBeGreaterThanOrEqual(bytes);
      made.close();
    }
  });
});
