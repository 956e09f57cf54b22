import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/core/shape.ts';
import type { GradientRequest } from '../../src/graph/gradients.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { vgg19 } from '../../src/models/vgg19.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { randomArray } from '../support/random.ts';

/** How far the printed peak may be from what memory grew by. */
const SHARE = 0.05;
const LAST = 'conv3_1';

/** Mebibytes that the last line of a description names as the plan's peak. */
function printedPeak(description: string): number {
  const line = description.split('\n').at(-1)!;
  const peak = Number(/= peak (\d+\.\d\d) MB$/.exec(line)?.[1]);
  expect(peak, line).toBeGreaterThan(0);
  return peak;
}

/** What a plan of VGG-19's first layers prints as its peak, and what a new engine's memory grows by as it runs, in mebibytes. */
async function peakOf(side: number, gradients?: GradientRequest, memoryBudget = Number.POSITIVE_INFINITY) {
  const { graph, tensors } = vgg19({ to: LAST });
  const weights = Array.from(tensors, ([name, shape], i) => {
    const values = randomArray(elementsOf(shape), i + 1);
    return [name, { shape, values }] as const;
  });
  const engine = await createEngine();
  const before = engine.memory.bytes;
  const planned = plan(graph, {
    engine,
    parameters: parametersOf(Object.fromEntries(weights)),
    inputs: { image: [1, side, side, 3] },
    memoryBudget,
    ...(gradients && { gradients }),
  });
  const { [LAST]: y } = planned.run({ image: randomArray(side * side * 3, 99) });
  if (gradients) planned.backward({ [LAST]: y! });
  const grown = (engine.memory.bytes - before) / 2 ** 20;
  return { printed: printedPeak(planned.describe()), grown };
}

describe('the peak that a plan prints is what memory grows by', () => {
  it.each<[string, number, GradientRequest | undefined, number | undefined]>([
    ['forward', 128, undefined, undefined],
    ['forward, mostly filters', 32, undefined, undefined],
    ['forward, filters packed at each run', 96, undefined, 0],
    ['with gradients in the image', 96, { nodes: ['image'] }, undefined],
    ['with gradients in all parameters', 96, { nodes: ['image'], parameters: 'all' }, undefined],
    ['with gradients in all parameters, filters packed at each run', 64, { nodes: ['image'], parameters: 'all' }, 0],
  ])('%s', async (_, side, gradients, memoryBudget) => {
    const { printed, grown } = await peakOf(side, gradients, memoryBudget);
    expect(grown).toBeGreaterThan(2);
    expect(Math.abs(printed / grown - 1), `printed ${printed}, grown ${grown}`).toBeLessThan(SHARE);
  });
});
