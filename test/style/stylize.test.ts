import { describe, expect, it } from 'vitest';
import { ImageError, InputError, NotFiniteError, WeightsError } from '../../src/core/errors.ts';
import { adam } from '../../src/optimize/adam.ts';
import { sgd } from '../../src/optimize/sgd.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { Engine } from '../../src/runtime/engine.ts';
import { stylizeHere as stylize } from '../../src/style/here.ts';
import type { StylizeOptions } from '../../src/style/options.ts';
import type { StyleStep } from '../../src/style/step.ts';
import { smallNetwork, smallPicture } from './small-network.ts';

const content = smallPicture(20, 14, 1);
const style = smallPicture(17, 23, 2);
const network = smallNetwork();
const base: StylizeOptions = { content, style, network, size: 20, margin: 2, steps: 6, levels: 1 };

/** The bytes of a run's picture, and what each step said. */
async function run(options: Partial<StylizeOptions> = {}) {
  const steps: StyleStep[] = [];
  for await (const step of stylize({ ...base, ...options })) steps.push(step);
  return { steps, image: steps.at(-1)!.image() };
}

const totals = (steps: readonly StyleStep[]): number[] => steps.map(({ losses }) => losses.total);

describe('stylize', () => {
  it('makes J smaller step by step', async () => {
    const { steps, image } = await run({ steps: 12 });
    const all = totals(steps);
    for (let i = 1; i < all.length; i++) expect(all[i]).toBeLessThan(all[i - 1]!);
    expect(all.at(-1)).toBeLessThan(0.5 * all[0]!);
    expect(steps.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(steps.every(({ of, level, levels }) => of === 12 && level === 1 && levels === 1)).toBe(true);
    expect([image.width, image.height]).toEqual([20, 14]);
    expect(image.data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('gives the same bytes for the same seed, others for another', async () => {
    const noise = { start: 'uniform', seed: 5 } as const;
    const [a, b, c] = [await run(noise), await run(noise), await run({ ...noise, seed: 6 })];
    expect(b.image).toEqual(a.image);
    expect(c.image.data).not.toEqual(a.image.data);
  });

  it.each([1, 2, 3])('gives the same bytes on %i threads', async (threads) => {
    const engine = await createEngine({ threads });
    const options = { levels: 2, steps: 4, start: 'uniform' } as const;
    expect((await run({ ...options, engine })).image).toEqual((await run(options)).image);
    engine.close();
  });

  it.each<[string, Partial<StylizeOptions>]>([
    ['lbfgs', { history: 3 }],
    ['lbfgs, clamped', { history: 3, clamp: 'step' }],
    ['adam', { optimizer: 'adam', learningRate: 5 }],
    ['momentum', { optimizer: sgd({ learningRate: 1, momentum: 0.5 }) }],
    ['two levels', { levels: 2, steps: [3, 4], tolerance: 1e-9 }],
  ])('resumes with the same bytes after any step: %s', async (_, options) => {
    const states: Uint8Array[] = [];
    let last: StyleStep | undefined;
    for await (const step of stylize({ ...base, ...options })) {
      states.push(step.state());
      last = step;
    }
    const expected = last!.image();
    for (const [i, resume] of states.slice(0, -1).entries()) {
      const again = await run({ ...options, resume });
      expect(again.image, `after step ${i + 1}`).toEqual(expected);
      expect(again.steps[0]!.iteration).toBe(i + 2);
      expect(totals(again.steps).at(-1)).toBe(last!.losses.total);
    }
  });

  it('goes on from a finished state where more steps are asked for', async () => {
    const long = await run({ steps: 9 });
    let state: Uint8Array | undefined;
    for await (const step of stylize(base)) state = step.state();
    const again = await run({ steps: 9, resume: state! });
    expect(again.steps.length).toBe(3);
    expect(again.image).toEqual(long.image);
    await expect(run({ resume: state! })).rejects.toThrow('all iterations of the state to resume from are done');
  });

  it('refuses a state that is none, or of another painting', async () => {
    let state: Uint8Array | undefined;
    for await (const step of stylize(base)) {
      state = step.state();
      if (step.iteration === 3) break;
    }
    const resume = state!;
    const other = 'the state is of another painting';
    for (const changed of [
      { style: smallPicture(17, 23, 3) },
      { content: smallPicture(20, 14, 9) },
      { styleWeight: 7 },
      { clamp: 'step' },
      { network: { ...network, name: 'another' } },
    ] as Partial<StylizeOptions>[])
      await expect(run({ ...changed, resume }), JSON.stringify(Object.keys(changed))).rejects.toThrow(other);
    await expect(run({ optimizer: 'adam', resume })).rejects.toThrow(WeightsError);
    await expect(run({ resume: resume.subarray(0, resume.length - 5) })).rejects.toThrow(WeightsError);
    await expect(run({ resume: new Uint8Array(10) })).rejects.toThrow(WeightsError);
    const text = new TextDecoder('latin1').decode(resume).replace('\\"version\\":1', '\\"version\\":2');
    const later = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    await expect(run({ resume: later })).rejects.toThrow('the state must be of version 1, got 2');
  });

  it('descends exactly by G ← G − η·∂J/∂G', async () => {
    const one = {
      ...base,
      optimizer: 'descent',
      learningRate: 3,
      steps: 1,
      start: 'uniform',
      normalization: 'gatys',
    } as const;
    const picture = async (options: StylizeOptions): Promise<Float32Array> => {
      for await (const step of stylize(options)) return pictureOf(step.state());
      throw new Error('no step');
    };
    const still = await picture({ ...one, learningRate: 0 });
    const [slow, fast] = [await picture(one), await picture({ ...one, learningRate: 6 })];
    let moved = 0;
    for (let i = 0; i < still.length; i++) {
      const gradient = (still[i]! - slow[i]!) / 3;
      moved = Math.max(moved, Math.abs(gradient));
      expect(Math.abs(fast[i]! - (still[i]! - 6 * gradient))).toBeLessThan(1e-4);
    }
    expect(moved).toBeGreaterThan(1e-3);
  });

  it('takes optimisers by name or as they are', async () => {
    const named = await run({ optimizer: 'adam', learningRate: 4 });
    const given = await run({ optimizer: adam({ learningRate: 4 }) });
    expect(given.image).toEqual(named.image);
    expect(totals(named.steps).at(-1)).toBeLessThan(totals(named.steps)[0]!);
    expect(named.steps[0]!.optimizer).toContain('adam');
    expect((await run({ history: 7 })).steps[0]!.optimizer).toContain('7 pairs');
  });

  it('paints small sizes first', async () => {
    const { steps, image } = await run({ levels: 3, steps: [2, 3, 1] });
    expect(steps.map(({ level, size: { width, height } }) => [level, width, height])).toEqual([
      ...new Array(2).fill([1, 5, 4]),
      ...new Array(3).fill([2, 10, 7]),
      [3, 20, 14],
    ]);
    expect([image.width, image.height]).toEqual([20, 14]);
  });

  it('starts from content, noise or a picture', async () => {
    const first = async (start: StylizeOptions['start']): Promise<number> => {
      const { steps } = await run({ ...(start && { start }), optimizer: 'descent', learningRate: 0, steps: 1 });
      return steps[0]!.losses.content;
    };
    expect(await first('content')).toBe(0);
    expect(await first({ image: content })).toBe(0);
    expect(await first('normal')).toBeGreaterThan(0);
    expect(await first({ image: style })).not.toBe(await first('uniform'));
  });

  it('ends a level where J no longer falls', async () => {
    const { steps } = await run({ steps: 400, tolerance: 0.02 });
    expect(steps.length).toBeLessThan(100);
    expect(steps.at(-1)!.settled).toBe(true);
    expect(steps.at(-1)!.of).toBe(steps.length);
    const flat = await run({ styleWeight: 0, variationWeight: 0, steps: 5 });
    expect(flat.steps.length).toBe(1);
    expect(flat.steps[0]!.settled).toBe(true);
    expect(flat.image.data).toEqual(content.data);
  });

  it('keeps pixels in range after each step where asked', async () => {
    const options = { optimizer: 'adam', learningRate: 150, steps: 3 } as const;
    const range = async (more: Partial<StylizeOptions>) => {
      for await (const step of stylize({ ...base, ...options, ...more })) {
        const values = pictureOf(step.state());
        if (step.iteration === 3) return [Math.min(...values), Math.max(...values)] as const;
      }
      throw new Error('no step');
    };
    const [low, high] = await range({ clamp: 'step' });
    expect(low === 0).toBe(true);
    expect(high).toBeLessThanOrEqual(255);
    expect((await range({}))[0]).toBeLessThan(0);
  });

  it('paints each style where its mask says', async () => {
    const half = { data: new Uint8Array(20 * 14 * 4).fill(255), width: 20, height: 14 };
    for (let p = 0; p < 280; p++) if (p % 20 >= 10) half.data.fill(0, p * 4, p * 4 + 3);
    const masked = await run({
      style: undefined,
      styles: [{ image: style, mask: half }],
      contentWeight: 1e-3,
    } as never);
    const change = (from: number, to: number): number => {
      let sum = 0;
      for (let y = 0; y < 14; y++)
        for (let x = from; x < to; x++)
          for (let c = 0; c < 3; c++) {
            const i = (y * 20 + x) * 4 + c;
            sum += Math.abs(masked.image.data[i]! - content.data[i]!);
          }
      return sum;
    };
    expect(change(0, 7)).toBeGreaterThan(20 * change(14, 20));
  });

  it('keeps the content’s colours', async () => {
    const grey = (rgba: Uint8Array | Uint8ClampedArray, i: number) => [
      rgba[i]! - rgba[i + 1]!,
      rgba[i]! - rgba[i + 2]!,
    ];
    const { image } = await run({ preserveColors: 'luminance', steps: 3 });
    let largest = 0;
    for (let i = 0; i < image.data.length; i += 4) {
      const rgb = [0, 1, 2].map((c) => image.data[i + c]!);
      if (rgb.some((v) => v === 0 || v === 255)) continue;
      const [a, b] = [grey(image.data, i), grey(content.data, i)];
      largest = Math.max(largest, Math.abs(a[0]! - b[0]!), Math.abs(a[1]! - b[1]!));
    }
    expect(largest).toBe(0);
    expect(image.data).not.toEqual(content.data);
    for (const preserveColors of ['covariance', 'histogram'] as const)
      expect((await run({ preserveColors })).image.data).not.toEqual((await run()).image.data);
  });

  it('gives pictures and states of the moment, the last picture for good', async () => {
    const { steps } = await run({ steps: 3 });
    expect(steps[2]!.image()).toBe(steps[2]!.image());
    expect(() => steps[0]!.image()).toThrow('image() of iteration 1 must be asked for before the next one');
    expect(() => steps[2]!.state()).toThrow(InputError);
    for await (const step of stylize(base)) {
      if (step.iteration === 2) {
        const image = step.image();
        expect(image.data.length).toBe(20 * 14 * 4);
        break;
      }
    }
  });

  it('stops when told, lets timers through, and gives its memory back', async () => {
    const engine = new Engine();
    const slow = { ...base, engine, steps: 1000, levels: 1 };
    for await (const step of stylize({ ...slow })) if (step.iteration === 2) break;
    const held = engine.regions.usedBytes;
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 60);
    let count = 0;
    const painting = async (): Promise<void> => {
      for await (const _ of stylize({ ...slow, signal: controller.signal })) count++;
    };
    await expect(painting()).rejects.toThrow('enough');
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(1000);
    expect(engine.regions.usedBytes).toBe(held);
    await expect(run({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  it('says where a learning rate leads nowhere', async () => {
    const wild = { optimizer: 'descent', learningRate: 1e30, steps: 50, normalization: 'gatys' } as const;
    await expect(run(wild)).rejects.toThrow(NotFiniteError);
  });
});

describe('stylize takes any picture, or says why not', () => {
  const flat = (width: number, height: number, rgba: readonly number[]) => {
    const [pixel] = new Uint32Array(Uint8Array.from(rgba).buffer);
    return { data: new Uint8Array(new Uint32Array(width * height).fill(pixel!).buffer), width, height };
  };

  it('a single pixel, a style larger than the content, grey, transparent', async () => {
    for (const options of [
      { content: flat(1, 1, [10, 20, 30, 255]) },
      { style: flat(1, 1, [200, 20, 30, 255]) },
      { style: smallPicture(300, 180, 3) },
      { content: flat(20, 14, [90, 90, 90, 255]), style: flat(9, 9, [200, 200, 200, 255]) },
      { content: flat(20, 14, [90, 50, 20, 40]) },
    ]) {
      const { steps, image } = await run({ ...options, steps: 2 });
      expect(totals(steps).every(Number.isFinite)).toBe(true);
      expect(image.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    }
  });

  it('64 megapixels, made as small as the result', async () => {
    const { image } = await run({ content: flat(8000, 8000, [90, 50, 20, 255]), steps: 1 });
    expect([image.width, image.height]).toEqual([20, 20]);
  });

  it.each<[string, unknown, typeof InputError]>([
    ['1 × 1 pixels need 4 bytes', { content: { data: new Uint8Array(3), width: 1, height: 1 } }, ImageError],
    ['expected RGBA pixels', { style: 5 }, ImageError],
    ['give `style` or `styles`, not both', { styles: [{ image: style }] }, InputError],
    ['the weight of style 1', { style: undefined, styles: [{ image: style, weight: Number.NaN }] }, InputError],
    ['the weights of all styles are 0', { style: undefined, styles: [{ image: style, weight: 0 }] }, InputError],
    ['size must be a whole number', { size: 0 }, InputError],
    ['size must be a whole number', { size: 20.5 }, InputError],
    ['small: pictures of 1×1 pixels do not fit', { size: 1, margin: 0 }, InputError],
    ['small has no layer "conv9_9"; it has a, b, c', { styleLayers: ['conv9_9'] }, InputError],
    ['small has no layer "z"', { contentLayers: { z: 1 } }, InputError],
    ['styleLayers.a must be a finite number', { styleLayers: { a: Number.NaN } }, InputError],
    ['styleLayers must be a layer or more', { styleLayers: [] }, InputError],
    ['contentWeight must be a finite number', { contentWeight: Number.POSITIVE_INFINITY }, InputError],
    ['styleWeight must be a finite number', { styleWeight: -1 }, InputError],
    ['nothing to paint', { contentWeight: 0, styleWeight: 0, variationWeight: 0 }, InputError],
    ['normalization must be one of', { normalization: 'mine' }, InputError],
    ['pooling must be one of', { pooling: 'median' }, InputError],
    ['preserveColors must be one of', { preserveColors: 'some' }, InputError],
    ['variation must be one of', { variation: 'total' }, InputError],
    ['variation.exponent', { variation: { exponent: 0.5 } }, InputError],
    ['optimizer must be one of', { optimizer: 'newton' }, InputError],
    ['learningRate goes with', { learningRate: 1 }, InputError],
    ['learningRate must be a number', { optimizer: 'adam', learningRate: Number.NaN }, InputError],
    ['history must be a whole number', { history: 0 }, InputError],
    ['levels must be a whole number', { levels: 0, steps: 5 }, InputError],
    ['steps must be one number or 1', { levels: 1, steps: [1, 2] }, InputError],
    ['steps must be a whole number', { steps: 0 }, InputError],
    ['tolerance', { tolerance: -1 }, InputError],
    ['styleScale', { styleScale: 0 }, InputError],
    ['margin must be a whole number', { margin: -1 }, InputError],
    ['seed must be a whole number', { seed: 0.5 }, InputError],
    ['start must be one of', { start: 'style' }, InputError],
    ['clamp must be one of', { clamp: 'never' }, InputError],
    [
      'the mask of style 1: it is black',
      { style: undefined, styles: [{ image: style, mask: flat(20, 14, [0, 0, 0, 255]) }] },
      InputError,
    ],
  ])('refuses: %s', async (message, options, kind) => {
    const failing = run(options as Partial<StylizeOptions>);
    await expect(failing).rejects.toThrow(kind);
    await expect(failing).rejects.toThrow(message as string);
  });

  it('not weights that are no numbers', async () => {
    const broken = smallNetwork({ 'b/filters': Number.NaN });
    await expect(run({ network: broken })).rejects.toThrow(NotFiniteError);
    await expect(run({ network: broken })).rejects.toThrow('layer c');
    await expect(run({ network: broken, normalization: 'gatys' })).rejects.toThrow(NotFiniteError);
  });
});

/** The picture in a state, a safetensors file whose tensors are little-endian float32. */
function pictureOf(state: Uint8Array): Float32Array {
  const length = Number(new DataView(state.buffer, state.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(state.subarray(8, 8 + length)));
  const [from, to] = header.picture.data_offsets as [number, number];
  return new Float32Array(state.slice(8 + length + from, 8 + length + to).buffer);
}
