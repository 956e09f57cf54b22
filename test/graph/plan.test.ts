import { describe, expect, it } from 'vitest';
import { InputError, ShapeError, WeightsError } from '../../src/core/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add } from '../../src/graph/ops/add.ts';
import { affine } from '../../src/graph/ops/affine.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { releaseParameters } from '../../src/graph/packed.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';

const CHANNELS = 16;

/** x → conv → affine → relu → conv → + x → relu, as in a residual block. */
function residual() {
  const graph = new Graph();
  const x = graph.input('x');
  const conv1 = graph.apply(conv, [x], {
    name: 'conv1',
    attributes: { padding: 'same' },
    parameters: { filters: 'w1', bias: 'b1' },
  });
  const scaled = graph.apply(affine, [conv1], { name: 'scale1', parameters: { scale: 's1', shift: 't1' } });
  const relu1 = graph.apply(relu, [scaled], { name: 'relu1' });
  const conv2 = graph.apply(conv, [relu1], {
    name: 'conv2',
    attributes: { padding: 'same' },
    parameters: { filters: 'w2' },
  });
  const sum = graph.apply(add, [conv2, x], { name: 'sum' });
  graph.apply(relu, [sum], { name: 'out' });
  return graph;
}

const filters = (seed: number) => ({ shape: [3, 3, CHANNELS, CHANNELS], values: randomArray(9 * CHANNELS ** 2, seed) });
const same = { padding: 'same' } as const;
const vector = (seed: number) => ({ shape: [CHANNELS], values: randomArray(CHANNELS, seed) });
const parameters = parametersOf({ w1: filters(1), b1: vector(2), s1: vector(3), t1: vector(4), w2: filters(5) });
const shape = [1, 20, 20, CHANNELS];
const x = randomArray(400 * CHANNELS, 6);

describe('plan', () => {
  it('fuses conv + affine + activation and conv + add + activation, and computes what the nodes alone would', () => {
    const graph = residual();
    const fused = plan(graph, { parameters, inputs: { x: shape } });
    expect(fused.steps.map(({ last }) => last.name)).toEqual(['relu1', 'out']);
    const taps = graph.nodes.slice(1).map(({ name }) => name);
    const whole = plan(graph, { parameters, inputs: { x: shape }, outputs: taps });
    expect(whole.steps.length).toBe(taps.length);
    expect(relativeError(fused.run({ x }).out!, whole.run({ x }).out!)).toBeLessThan(tolerance.winograd);
  });

  it('computes only what the wanted nodes need', () => {
    const partial = plan(residual(), { parameters, inputs: { x: shape }, outputs: ['relu1'] });
    expect(partial.steps.map(({ last }) => last.name)).toEqual(['relu1']);
    expect(Object.keys(partial.run({ x }))).toEqual(['relu1']);
  });

  it('adds in place, and never over a value that is still needed', () => {
    const tapped = plan(residual(), { parameters, inputs: { x: shape }, outputs: ['conv2', 'out'] });
    const { conv2: kept, out } = tapped.run({ x });
    const last = tapped.steps.at(-1)!;
    expect(last.at.output).toBe(last.at.inputs[1]);
    expect(Float32Array.from(kept!, (v, i) => Math.max(0, Math.fround(v + x[i]!)))).toEqual(out);
  });

  it('allocates nothing over 1,000 runs, into arrays of the caller', () => {
    const engine = createEngine();
    const fused = plan(residual(), { parameters, inputs: { x: shape }, engine });
    const out = new Float32Array(x.length);
    fused.run({ x }, { out });
    const first = out.slice();
    const before = [engine.memory.bytes, engine.regions.usedBytes];
    for (let i = 0; i < 1000; i++) fused.run({ x }, { out });
    expect([engine.memory.bytes, engine.regions.usedBytes]).toEqual(before);
    expect(out).toEqual(first);
  });

  it('runs on an input that was filled in place, and says where that is anew when memory has grown', () => {
    const engine = createEngine();
    const fused = plan(residual(), { parameters, inputs: { x: shape }, engine });
    const expected = fused.run({ x }).out;
    const view = fused.inputView('x');
    for (let round = 0; round < 2; round++) {
      view.set(x);
      expect(fused.run({ x: view }).out).toEqual(expected);
    }
    plan(residual(), { parameters, inputs: { x: [1, 200, 200, CHANNELS] }, engine });
    expect(() => fused.run({ x: view })).toThrow('must be a Float32Array of 6400 [1,20,20,16], got Float32Array of 0');
    fused.inputView('x').set(x);
    expect(fused.run({ x: fused.inputView('x') }).out).toEqual(expected);
    expect(() => fused.inputView('y')).toThrow('plan: no input is called "y", there are x');
    fused.close();
    expect(() => fused.inputView('x')).toThrow('plan: it is closed');
  });

  it('gives the sum before an activation too where somebody else reads it, over the value that was added', () => {
    const graph = new Graph();
    const input = graph.input('x');
    const w = { shape: [CHANNELS, CHANNELS], values: randomArray(CHANNELS ** 2, 8) };
    const one = { shape: [1, 1, CHANNELS, CHANNELS], values: w.values };
    const first = graph.apply(conv, [input], { name: 'first', parameters: { filters: 'one' } });
    const second = graph.apply(conv, [input], { name: 'second', parameters: { filters: 'w2' }, attributes: same });
    const sums = [first, second].map((value, i) => {
      const wide = graph.apply(conv, [input], {
        name: `conv${i}`,
        parameters: { filters: i ? 'w2' : 'one' },
        attributes: same,
      });
      const sum = graph.apply(add, [value, wide], { name: `sum${i}` });
      const active = graph.apply(relu, [sum], { name: `relu${i}` });
      return graph.apply(add, [sum, active], { name: `both${i}` });
    });
    graph.apply(add, sums, { name: 'out' });
    const own = parametersOf({ one, w2: filters(5) });
    const fused = plan(graph, { parameters: own, inputs: { x: shape } });
    const taken = fused.steps.filter(({ linear }) => linear);
    expect(taken.map(({ last, linear }) => [last.name, linear!.name])).toEqual([
      ['relu0', 'sum0'],
      ['relu1', 'sum1'],
    ]);
    for (const { at } of taken) expect(at.linear).toBe(at.residual);
    const taps = graph.nodes.slice(1).map(({ name }) => name);
    const whole = plan(graph, { parameters: own, inputs: { x: shape }, outputs: taps }).run({ x });
    expect(fused.run({ x }).out).toEqual(whole.out);
    const tapped = plan(graph, { parameters: own, inputs: { x: shape }, outputs: ['sum0', 'relu0', 'out'] }).run({ x });
    for (const name of ['sum0', 'relu0', 'out']) expect(tapped[name]).toEqual(whole[name]);
  });

  it('shares parameters and the workspace between the plans of an engine', () => {
    const engine = createEngine();
    plan(residual(), { parameters, inputs: { x: [1, 25, 25, CHANNELS] }, engine });
    const before = engine.regions.usedBytes;
    plan(residual(), { parameters, inputs: { x: [1, 25, 24, CHANNELS] }, engine });
    expect(engine.regions.usedBytes).toBe(before);
  });

  it('survives a workspace that moves', () => {
    const engine = createEngine();
    const small = plan(residual(), { parameters, inputs: { x: shape }, engine });
    const first = small.run({ x }).out;
    plan(residual(), { parameters, inputs: { x: [1, 64, 64, CHANNELS] }, engine });
    expect(small.run({ x }).out).toEqual(first);
  });

  it('gives the same bits where a memory budget has filters transformed at each run', () => {
    const options = { parameters, inputs: { x: shape } };
    const rich = plan(residual(), { ...options, engine: createEngine() });
    const poor = plan(residual(), { ...options, engine: createEngine(), memoryBudget: 0 });
    expect(poor.parameterBytes).toBeLessThan(rich.parameterBytes / 2);
    expect(poor.run({ x }).out).toEqual(rich.run({ x }).out);
  });

  it('gives parameters back', () => {
    const engine = createEngine();
    const { workspaceBytes } = plan(residual(), { parameters, inputs: { x: shape }, engine });
    releaseParameters(engine, parameters);
    expect(engine.regions.usedBytes).toBe(workspaceBytes);
  });

  it('describes itself', () => {
    const text = plan(residual(), { parameters, inputs: { x: shape } }).describe();
    expect(text).toMatch(/relu1 +\S+ \+ affine \+ relu +\[1,20,20,16\] +\[1,20,20,16\] +0\.92/);
    expect(text).toMatch(/out +\S+ \+ add \+ relu +\[1,20,20,16\]/);
    expect(text).toMatch(/2 steps, 1\.8 MMAC; workspace .* MB \+ parameters .* MB = peak .* MB/);
  });

  it.each([
    [
      'a missing input shape',
      () => plan(residual(), { parameters, inputs: {} }),
      ShapeError,
      'plan: input "x" needs a shape',
    ],
    [
      'an unknown output',
      () => plan(residual(), { parameters, inputs: { x: shape }, outputs: ['y'] }),
      InputError,
      'no node is called "y"',
    ],
    [
      'a missing tensor',
      () => plan(residual(), { parameters: parametersOf({ w1: filters(1) }), inputs: { x: shape } }),
      WeightsError,
      'tensor "b1" is missing',
    ],
    [
      'a wrong shape deep inside',
      () => plan(residual(), { parameters, inputs: { x: [1, 20, 20, 3] } }),
      ShapeError,
      'conv: input has 3 channels, filters expect 16 (input [1,20,20,3], filters [3,3,16,16]) (node "conv1")',
    ],
    [
      'a short input',
      () => plan(residual(), { parameters, inputs: { x: shape } }).run({ x: x.subarray(1) }),
      InputError,
      'plan: input "x" must be a Float32Array of 6400 [1,20,20,16], got Float32Array of 6399',
    ],
    ['no input', () => plan(residual(), { parameters, inputs: { x: shape } }).run({}), InputError, 'got nothing'],
    [
      'a short output',
      () => plan(residual(), { parameters, inputs: { x: shape } }).run({ x }, { out: new Float32Array(3) }),
      InputError,
      'plan: output "out" must be',
    ],
  ] as const)('refuses %s', (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
