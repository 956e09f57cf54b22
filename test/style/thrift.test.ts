import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/core/shape.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { layerShapes } from '../../src/style/features.ts';
import { type ImageObjectiveOptions, imageWorkspace } from '../../src/style/image-objective.ts';
import type { Goal } from '../../src/style/objective.ts';
import { seededVgg19 } from '../support/seeded-vgg19.ts';

const SIDE = 64;

/** Workspace of J with VGG-19 to conv4_1. */
function workspace(options: ImageObjectiveOptions): number {
  const network = seededVgg19(1, 'conv4_1');
  const site = { network, pooling: 'max' as const, size: { height: SIDE, width: SIDE } };
  const layers = ['conv1_1', 'conv2_1', 'conv4_1'];
  const grams = Array.from(layerShapes(site, layers), ([layer, shape]): [string, Float32Array] => [
    layer,
    new Float32Array(shape.at(-1)! ** 2),
  ]);
  const goal: Goal = {
    ...site,
    engine: createEngine(),
    content: new Float32Array(elementsOf([SIDE, SIDE, 3])),
    contentLayers: [],
    styles: [{ weight: 1, grams: new Map(grams) }],
    styleLayers: layers.map((layer) => ({ layer, weight: 1 })),
    normalization: 'gatys',
    variation: { weight: 0 },
  };
  return imageWorkspace(goal, options);
}

describe('thrift', () => {
  it('computes the first layers again where that takes little time', () => {
    // Up to the first pooling lies a sixth of the arithmetic, up to the second more than a third.
    expect(workspace({})).toBe(workspace({ recompute: ['pool1'] }));
    expect(workspace({})).toBeLessThan(workspace({ recompute: false }));
  });
});
