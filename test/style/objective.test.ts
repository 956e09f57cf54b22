import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../../src/image/image.ts';
import { resample } from '../../src/image/resample.ts';
import type { PictureSize } from '../../src/models/feature-network.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { defaultEngine, type Engine } from '../../src/runtime/engine.ts';
import { goalOf } from '../../src/style/goal.ts';
import { type ImageObjectiveOptions, imageObjective } from '../../src/style/image-objective.ts';
import type { StylizeOptions } from '../../src/style/options.ts';
import { readScene } from '../../src/style/scene.ts';
import { settingsOf } from '../../src/style/settings.ts';
import { type OracleObjective, smallFeatures, styleObjectiveOracle } from '../oracle/style-objective.ts';
import { centralDifference } from '../support/central-difference.ts';
import { randomArray } from '../support/random.ts';
import type { Tensor } from '../support/run-op.ts';
import { DIVISOR, MEAN, NORMALIZATIONS, smallNetwork, smallPicture, tensors } from './small-network.ts';

const SIZE: PictureSize = { height: 6, width: 8 };
/** Of ‖g − g′‖ / ‖g‖: float32 sums of some thousand products against float64. */
const TOLERANCE = 1e-4;

const content = smallPicture(8, 6, 1);
const styles = [smallPicture(8, 7, 2), smallPicture(5, 8, 3), smallPicture(8, 8, 4)];
/** White on the left, black on the right, with a soft edge. */
const mask = (width: number, height: number): RgbaImage => {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let p = 0; p < width * height; p++) data.fill(Math.max(0, 255 - (p % width) * 40), p * 4, p * 4 + 3);
  return { data, width, height };
};

const base = {
  content,
  network: smallNetwork(),
  size: 8,
  margin: 0,
  contentWeight: 1,
  styleWeight: 50,
  variationWeight: 0.1,
} as const;

/** Everything that J can have. */
const every: StylizeOptions = {
  ...base,
  styles: [
    { image: styles[0]!, weight: 3 },
    { image: styles[1]!, weight: 1 },
    { image: styles[2]!, weight: 2, mask: mask(8, 6), imageMask: mask(8, 8) },
  ],
  contentLayers: { b: 0.3, c: 0.7 },
  styleLayers: { a: 0.2, b: 0.3, c: 0.5 },
  pooling: 'average',
};

async function valueAndGradient(
  options: StylizeOptions,
  picture: Float32Array,
  { engine = defaultEngine(), ...objectiveOptions }: ImageObjectiveOptions & { engine?: Engine } = {},
) {
  const settings = settingsOf(options);
  const goal = goalOf(await readScene(options, settings), settings, options.network, SIZE, engine);
  const objective = imageObjective(goal, objectiveOptions);
  return engine.borrow(2 * objective.elements * 4, (image) => {
    const gradient = image + objective.elements * 4;
    engine.memory.f32(image, objective.elements).set(picture);
    const losses = objective.evaluate(image, gradient);
    expect(objective.evaluate(image, gradient)).toEqual(losses);
    const result = { losses, gradient: engine.memory.f32(gradient, objective.elements).slice() };
    objective.close();
    return result;
  });
}

const tensorOf = (image: RgbaImage, { height, width }: PictureSize): Tensor => ({
  shape: [1, height, width, 3],
  values: Float64Array.from(resample(image, [height, width], 3)),
});
const layerMasks = (image: RgbaImage, { height: h, width: w }: PictureSize) =>
  Object.fromEntries(
    [h, h, Math.floor(h / 2)].map((rows, i) => {
      const columns = i === 2 ? Math.floor(w / 2) : w;
      return ['abc'[i]!, Float64Array.from(resample(image, [rows, columns], 1))];
    }),
  );

/** The same J as it is defined. */
function oracleOf(options: StylizeOptions): OracleObjective {
  const settings = settingsOf(options);
  const given = options.styles ?? (options.style ? [{ image: options.style }] : []);
  const weights = given.reduce((sum, { weight = 1 }) => sum + weight, 0);
  // Style pictures have a longer side of 8 pixels.
  const sized = (image: RgbaImage) => ({
    height: Math.round((image.height * 8) / Math.max(image.height, image.width)),
    width: Math.round((image.width * 8) / Math.max(image.height, image.width)),
  });
  const shares = (layers: readonly { layer: string; weight: number }[]) =>
    Object.fromEntries(layers.map(({ layer, weight }) => [layer, weight]));
  return {
    features: smallFeatures({ tensors, mean: MEAN, divisor: DIVISOR, pooling: settings.pooling }),
    content: tensorOf(content, SIZE),
    contentLayers: shares(settings.contentLayers),
    styles: given.map(({ image, weight = 1, mask: where, imageMask }) => ({
      picture: tensorOf(image as RgbaImage, sized(image as RgbaImage)),
      weight: weight / weights,
      ...(where && { mask: layerMasks(where as RgbaImage, SIZE) }),
      ...(imageMask && { imageMask: layerMasks(imageMask as RgbaImage, sized(image as RgbaImage)) }),
    })),
    styleLayers: shares(settings.styleLayers),
    normalization: settings.normalization,
    variation: settings.variation,
  };
}

const picture = randomArray(SIZE.height * SIZE.width * 3, 77).map((v) => 127 + 90 * v);
const norm = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  norm(Array.from(a, (v, i) => v - b[i]!)) / norm(b);

function oracleGradient(oracle: OracleObjective): Float64Array {
  const at = (values: Float64Array): Tensor => ({ shape: [1, SIZE.height, SIZE.width, 3], values });
  const j = styleObjectiveOracle(oracle);
  return centralDifference((x) => j(at(x)).total, picture, 1e-6);
}

describe('J and its gradient', () => {
  const variants: [string, StylizeOptions][] = [
    ...NORMALIZATIONS.map((normalization): [string, StylizeOptions] => [
      `everything, ${normalization}`,
      { ...every, normalization, variationWeight: normalization === 'johnson' ? 1e-4 : 0.1 },
    ]),
    ['one style, max pooling', { ...base, style: styles[0]! }],
    ['absolute variation', { ...base, style: styles[1]!, variation: 'absolute' }],
    ['johnson variation', { ...base, style: styles[1]!, variation: 'johnson' }],
    ['variation with an exponent', { ...base, style: styles[1]!, variation: { exponent: 1.5 } }],
    ['content alone', { ...base, variationWeight: 0 }],
    ['style alone', { ...base, style: styles[0]!, contentWeight: 0, variationWeight: 0 }],
    ['variation alone', { ...base, contentWeight: 0 }],
  ];

  it.each(variants)('%s: against float64 and central differences', async (_, options) => {
    const { losses, gradient } = await valueAndGradient(options, picture);
    const oracle = oracleOf(options);
    const expected = styleObjectiveOracle(oracle)({ shape: [1, SIZE.height, SIZE.width, 3], values: picture });
    expect(Math.abs(losses.content - expected.content)).toBeLessThanOrEqual(TOLERANCE * expected.content);
    expect(Math.abs(losses.variation - expected.variation)).toBeLessThanOrEqual(TOLERANCE * expected.variation);
    expect(losses.total).toBe(losses.content + losses.style + losses.variation);
    const blended = (options.styles ?? []).filter((style) => !style.mask).length > 1;
    if (!blended) expect(Math.abs(losses.style - expected.style)).toBeLessThanOrEqual(TOLERANCE * expected.style);
    expect(distance(gradient, oracleGradient(oracle))).toBeLessThan(TOLERANCE);
  });

  it('of blended styles differs from the sum over styles by what does not depend on the picture', async () => {
    const oracle = styleObjectiveOracle(oracleOf(every));
    const offset = async (seed: number): Promise<number> => {
      const x = randomArray(picture.length, seed).map((v) => 127 + 90 * v);
      const { losses } = await valueAndGradient(every, x);
      return oracle({ shape: [1, SIZE.height, SIZE.width, 3], values: x }).style - losses.style;
    };
    const [a, b] = [await offset(1), await offset(2)];
    expect(a).toBeGreaterThan(0.01);
    expect(Math.abs(a - b)).toBeLessThan(TOLERANCE * a);
  });

  it('hold to one another: J moves as its gradient says', async () => {
    for (const variation of ['squared', 'absolute', 'johnson', { exponent: 1.5 }] as const) {
      const options = { ...every, variation, variationWeight: 1 };
      const { gradient } = await valueAndGradient(options, picture);
      const direction = randomArray(picture.length, 5);
      const h = 0.05;
      const at = (t: number) =>
        valueAndGradient(
          options,
          picture.map((v, i) => v + t * direction[i]!),
        );
      const rise = ((await at(h)).losses.total - (await at(-h)).losses.total) / (2 * h);
      const slope = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
      expect(Math.abs(rise - slope), JSON.stringify(variation)).toBeLessThan(2e-3 * norm(gradient) * norm(direction));
    }
  });

  it('have the same bits for any recomputation and any number of threads', async () => {
    const expected = await valueAndGradient(every, picture, { recompute: false });
    for (const recompute of [true, ['pool'], undefined]) {
      const again = await valueAndGradient(every, picture, recompute === undefined ? {} : { recompute });
      expect(again).toEqual(expected);
    }
    for (const threads of [2, 3]) {
      const engine = await createEngine({ threads });
      expect(await valueAndGradient(every, picture, { engine })).toEqual(expected);
      engine.close();
    }
  });
});
