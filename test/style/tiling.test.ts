import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { instanceNorm } from '../../src/graph/ops/instance-norm.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { ownFeatures, type PictureSize } from '../../src/models/feature-network.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { defaultEngine, type Engine } from '../../src/runtime/engine.ts';
import { layerShapes } from '../../src/style/features.ts';
import { imageObjective } from '../../src/style/image-objective.ts';
import type { Goal, Losses, Objective, StyleTarget } from '../../src/style/objective.ts';
import { gramsOf } from '../../src/style/targets.ts';
import { cutAxis, ownUnits } from '../../src/style/tiling/axis.ts';
import { objectiveFor } from '../../src/style/tiling/choice.ts';
import { gramsFor } from '../../src/style/tiling/grams.ts';
import { tiledObjective } from '../../src/style/tiling/objective.ts';
import { relativeError } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { type Kind, networkKinds, tileNetwork } from './tiling-networks.ts';

const picture = ({ height, width }: PictureSize, seed: number): Float32Array =>
  randomArray(height * width * 3, seed).map((v) => 127.5 + 100 * v);

/** J with all that it can have: two styles blended, one behind a mask, content of two layers, variation. */
function goalFor(kind: Kind, size: PictureSize, more: Partial<Goal> = {}, engine: Engine = defaultEngine()): Goal {
  const network = tileNetwork(kind);
  const site = { network, pooling: 'max' as const, engine };
  const layers = ['a1', 'b1', 'c1'];
  const shapes = layerShapes({ ...site, size }, layers);
  const target = (seed: number, weight: number, masked: boolean): StyleTarget => {
    const styleSize = { height: 40, width: 33 };
    const grams = gramsOf(site, { size: styleSize, values: picture(styleSize, seed) }, layers);
    if (!masked) return { weight, grams };
    const masks = layers.map((layer): [string, Float32Array] => {
      const [, h, w] = shapes.get(layer)!;
      return [layer, randomArray(h! * w!, seed + 1).map((v) => Math.abs(v) * 1.7)];
    });
    return { weight, grams, masks: new Map(masks) };
  };
  return {
    ...site,
    size,
    content: picture(size, 5),
    contentLayers: [
      { layer: 'b1', weight: 0.7 },
      { layer: 'c1', weight: 0.4 },
    ],
    styles: [target(10, 0.5, false), target(20, 0.2, false), target(30, 0.3, true)],
    styleLayers: [
      { layer: 'a1', weight: 300 },
      { layer: 'b1', weight: 500 },
      { layer: 'c1', weight: 700 },
    ],
    normalization: 'gatys',
    variation: { form: 'squared', weight: 0.002 },
    ...more,
  };
}

function evaluate(objective: Objective, values: Float32Array): { losses: Losses; gradient: Float32Array } {
  const { engine, elements } = objective;
  return engine.borrow(elements * 8, (address) => {
    engine.memory.f32(address, elements).set(values);
    const losses = objective.evaluate(address, address + elements * 4);
    return { losses, gradient: engine.memory.f32(address + elements * 4, elements).slice() };
  });
}

/** Both ways of one goal, at one picture. */
function compare(goal: Goal, largest: number) {
  const values = picture(goal.size, 77);
  const whole = imageObjective(goal);
  const tiled = tiledObjective(goal, largest);
  const results = { tiles: tiled.tiling.tiles.length, whole: evaluate(whole, values), tiled: evaluate(tiled, values) };
  whole.close();
  tiled.close();
  return results;
}

function expectEqual({ whole, tiled }: ReturnType<typeof compare>): void {
  for (const part of ['content', 'style', 'variation', 'total'] as const)
    expect(Math.abs(tiled.losses[part] - whole.losses[part]), part).toBeLessThanOrEqual(1e-5 * whole.losses.total);
  expect(relativeError(tiled.gradient, whole.gradient)).toBeLessThan(1e-5);
}

describe('tiles', () => {
  describe.each(networkKinds)('%s', (kind) => {
    it.each([
      [61, 47],
      [96, 50],
      [49, 83],
      [50, 97],
      [51, 98],
    ])('give J and its gradient of a picture of %i × %i', (height, width) => {
      for (const largest of kind === 'squeezeLike' ? [54, 59] : [40, 45]) {
        const results = compare(goalFor(kind, { height, width }), largest);
        expect(results.tiles).toBeGreaterThan(1);
        expectEqual(results);
      }
    });
  });

  const size = { height: 71, width: 58 };
  it.each<[string, Partial<Goal>]>([
    ['the means of gatys-pytorch', { normalization: 'gatys-pytorch' }],
    ['the means of johnson', { normalization: 'johnson', variation: { form: 'johnson', weight: 0.01 } }],
    [
      'average pooling and an exponent',
      { pooling: 'average', variation: { form: 'exponent', exponent: 1.5, weight: 0.1 } },
    ],
    ['no variation', { variation: { weight: 0 } }],
    ['no style', { styles: [] }],
    ['no content', { contentLayers: [] }],
    ['a weight of 0', { contentLayers: [{ layer: 'c1', weight: 0 }] }],
    ['nothing but variation', { contentLayers: [], styles: [], variation: { form: 'absolute', weight: 1 } }],
  ])('give the same with %s', (_, more) => {
    expectEqual(compare(goalFor('squeezeLike', size, more), 54));
  });

  it('give the same bits again, and on two threads', async () => {
    const values = picture(size, 3);
    const run = (engine: Engine) => {
      const objective = tiledObjective(goalFor('vggLike', size, {}, engine), 40);
      return [evaluate(objective, values), evaluate(objective, values)];
    };
    const [first, again] = run(createEngine());
    expect(again).toEqual(first);
    const engine = await createEngine({ threads: 2 });
    expect(run(engine)[0]).toEqual(first);
    engine.close();
  });

  it('are one where the picture is small enough, with the bits of the whole', () => {
    const goal = goalFor('vggLike', size, { styles: [], variation: { weight: 0 } });
    const { tiles, whole, tiled } = compare(goal, 71);
    expect(tiles).toBe(1);
    expect(tiled.gradient).toEqual(whole.gradient);
  });

  it('need the workspace of a crop', () => {
    const [small, large] = [160, 320].map((height) => {
      const engine = createEngine();
      tiledObjective(goalFor('vggLike', { height, width: 40 }, {}, engine), 64);
      return engine.memory.bytes;
    });
    expect(large).toBeLessThanOrEqual(small!);
  });

  it('must be larger than their halo, and of a network that can be cut', () => {
    const run =
      (largest: number, more: Partial<Goal> = {}) =>
      () =>
        tiledObjective(goalFor('vggLike', size, more), largest);
    expect(run(20)).toThrow(InputError);
    expect(run(20)).toThrow('tiles: a side must be at least 22 pixels for these layers, got 20');
    expect(run(20.5)).toThrow('tiles: a side must be a whole number of pixels, got 20.5');
    const { network } = goalFor('vggLike', size);
    const normed = ownFeatures({
      name: 'normed',
      graph: (size) => {
        const graph = network.graph(size, { to: ['b1'] });
        graph.apply(instanceNorm, [graph.node('b1')], { name: 'norm' });
        graph.apply(relu, [graph.node('norm')], { name: 'c1' });
        return graph;
      },
      parameters: network.parameters,
      layers: ['a1', 'b1', 'c1'],
    });
    expect(run(40, { network: normed })).toThrow(
      'tiles: a layer whose units see all of the picture cannot be worked on tile by tile',
    );
  });
});

describe('gramsFor', () => {
  it('sums the Gram matrices of tiles, masked or not', () => {
    const size = { height: 90, width: 77 };
    const network = tileNetwork('vggLike');
    const site = { network, pooling: 'max' as const, engine: defaultEngine() };
    const layers = ['a1', 'c1'];
    const masks = new Map(
      [...layerShapes({ ...site, size }, layers)].map(([layer, [, h, w]]) => [layer, randomArray(h! * w!, 9)]),
    );
    for (const mask of [undefined, masks]) {
      const whole = gramsFor(site, { size, values: picture(size, 4) }, layers, {}, mask);
      const tiled = gramsFor(site, { size, values: picture(size, 4) }, layers, { tile: 40 }, mask);
      for (const layer of layers) expect(relativeError(tiled.get(layer)!, whole.get(layer)!)).toBeLessThan(1e-5);
    }
  });
});

describe('objectiveFor', () => {
  const size = { height: 150, width: 120 };
  /** What a picture takes, and what is held beside. */
  const run = (memory: number | undefined) => {
    const engine = createEngine();
    const goal = goalFor('vggLike', size, {}, engine);
    const before = engine.memory.bytes;
    const objective = objectiveFor(goal, { memory });
    const result = evaluate(objective, picture(size, 3));
    return { ...result, name: objective.constructor.name, bytes: engine.memory.bytes - before };
  };

  it('works on the picture whole where memory allows, and keeps to the memory where it does not', () => {
    const whole = run(undefined);
    expect(whole.name).toBe('ImageObjective');
    const parts = [0.75, 0.4, 0.2].map((share) => {
      const budget = share * whole.bytes;
      const { name, bytes, gradient } = run(budget);
      // The picture and its gradient are there twice: they are not activations.
      expect(bytes).toBeLessThan(budget + 2 * gradient.length * 4 + 2 * 65536);
      expect(relativeError(gradient, whole.gradient)).toBeLessThan(1e-5);
      return name;
    });
    expect(parts.at(-1)).toBe('TiledObjective');
  });

  it('says when memory is too little for any tile', () => {
    expect(() => run(2000)).toThrow(InputError);
    expect(() => run(2000)).toThrow(
      'stylize: memory of 0.0 MB is too little for a picture of 120×150 with these layers of vggLike, even in the smallest tiles',
    );
    expect(() => run(Number.NaN)).toThrow('stylize: memory must be a number of bytes above 0, got NaN');
  });
});

describe('cutAxis', () => {
  it('gives each unit to one tile, whose crop holds all that it sees', () => {
    const field = fc
      .record({
        power: fc.integer({ min: 0, max: 3 }),
        size: fc.integer({ min: 1, max: 40 }),
        pad: fc.nat({ max: 40 }),
      })
      .map(({ power, size, pad }) => {
        const stride = 2 ** power;
        return { size: Math.max(size, stride), stride, padding: Math.min(pad, size - 1) };
      });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 100, max: 200 }),
        fc.array(field, { minLength: 1, maxLength: 4 }),
        (pixels, largest, fields) => {
          const step = Math.max(...fields.map(({ stride }) => stride));
          const { crop, stretches } = cutAxis(pixels, largest, fields);
          expect(crop).toBeLessThanOrEqual(largest);
          expect((pixels - crop) % step).toBe(0);
          for (const { start } of stretches) {
            expect(start % step).toBe(0);
            expect(start + crop).toBeLessThanOrEqual(pixels);
          }
          for (const { size, stride, padding } of fields) {
            const units = Math.floor(pixels / stride);
            const inCrop = units - (pixels - crop) / stride;
            let next = 0;
            for (const stretch of stretches) {
              const { first, count, at } = ownUnits(stretch, stride, inCrop);
              expect(at).toBe(next);
              expect(first).toBe(at - stretch.start / stride);
              next += count;
              const [from, to] = [at * stride - padding, (at + count - 1) * stride - padding + size];
              if (stretch.start > 0) expect(from).toBeGreaterThanOrEqual(stretch.start);
              if (stretch.start + crop < pixels) expect(to).toBeLessThanOrEqual(stretch.start + crop);
            }
            expect(next).toBe(units);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
