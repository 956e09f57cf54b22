import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../src/image/encode.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import { activationMaps } from '../../src/inspect/activation-maps.ts';
import { networkSubject } from '../../src/inspect/subject.ts';
import { type TopPatchesOptions, topPatches } from '../../src/inspect/top-patches.ts';
import { type FeatureNetwork, ownFeatures } from '../../src/models/feature-network.ts';
import { noisePicture } from '../support/picture.ts';
import { seededVgg19 } from '../support/seeded-vgg19.ts';
import { smallNet } from '../support/small-net.ts';

const opaque = (image: RgbaImage): RgbaImage => {
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  return image;
};
const noise = (seed: number, width = 24, height = 24): RgbaImage => opaque(noisePicture(width, height, seed));

const network = (channels: 1 | 3 = 3): FeatureNetwork => {
  const { graph, parameters } = smallNet(2, channels);
  return ownFeatures({
    name: 'small',
    graph,
    parameters,
    layers: ['conv1', 'conv2', 'conv3', 'classes'],
    input: { channels, usualSize: 24, leastSize: 8 },
    mean: 127.5,
    divisor: 127.5,
  });
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-inspect-'));
  mkdirSync(join(folder, 'below'));
  for (const [i, name] of ['a.png', 'b.png', 'below/c.png'].entries())
    writeFileSync(join(folder, name), await encodePng(noise(i + 1)));
  writeFileSync(join(folder, 'broken.png'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3));
  writeFileSync(join(folder, 'notes.txt'), 'not a picture');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('topPatches', () => {
  it('cuts what a unit sees out of the pictures', async () => {
    const images = Array.from({ length: 12 }, (_, i) => ({ name: `n${i}`, source: noise(i + 1) }));
    const nine = await topPatches(network(), { layer: 'conv2', unit: 4, images });
    expect(nine.length).toBe(9);
    expect(new Set(nine.map(({ image }) => image)).size).toBe(9);
    for (const [i, patch] of nine.entries()) {
      if (i > 0) expect(patch.activation).toBeLessThanOrEqual(nine[i - 1]!.activation);
      const [row, column] = patch.position as [number, number];
      // Two windows of 3 with a pool of 2 between.
      expect(patch.box).toEqual({ x: column * 2 - 3, y: row * 2 - 3, width: 8, height: 8 });
      expect(patch.centre).toEqual({ x: column * 2 + 1, y: row * 2 + 1 });
      const { data, width, height } = await patch.crop();
      expect([width, height]).toEqual([8, 8]);
      const source = images.find(({ name }) => name === patch.image)!.source;
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 8; x++) {
          const [py, px] = [patch.box.y + y, patch.box.x + x];
          const outside = py < 0 || px < 0 || py >= 24 || px >= 24;
          const expected = outside
            ? [128, 128, 128, 255]
            : [...source.data.subarray((py * 24 + px) * 4, (py * 24 + px + 1) * 4)];
          expect([...data.subarray((y * 8 + x) * 4, (y * 8 + x + 1) * 4)]).toEqual(expected);
        }
    }
  });

  it('finds what looking at every picture finds', async () => {
    const net = network();
    const images = Array.from({ length: 7 }, (_, i) => noise(i + 40));
    const { layers } = await topPatches(net, { layers: ['conv1', 'classes'], images, count: 3, batch: 1 });
    for (const { layer, units } of layers)
      for (const { unit, patches } of units) {
        const slow = images
          .map((picture, i) => {
            const rgb = Float32Array.from(picture.data.filter((_, at) => at % 4 < 3));
            const sample = { shape: [1, 24, 24, 3], values: rgb };
            const map = activationMaps(networkSubject(net), sample, { layers: [layer] })[0]!.unit(unit);
            return [`picture ${i + 1}`, map.reduce((a, b) => Math.max(a, b))] as const;
          })
          .sort(([, a], [, b]) => b - a);
        expect(patches.map(({ image, activation }) => [image, activation])).toEqual(slow.slice(0, 3));
      }
  });

  it('maps patches to the original, where pictures are larger, wider or grey', async () => {
    const images = [noise(1, 96, 48), noise(2, 48, 72)];
    const { layers } = await topPatches(network(1), { layers: ['conv1', 'classes'], images, units: [0], count: 2 });
    for (const patch of layers[0]!.units[0]!.patches) {
      const wide = patch.image === 'picture 1';
      // The middle square of 48 pixels as 24 cells.
      expect(patch.frame.view).toEqual(
        wide ? { x: 24, y: 0, width: 48, height: 48 } : { x: 0, y: 12, width: 48, height: 48 },
      );
      const [row, column] = patch.position as [number, number];
      const { x, y } = patch.frame.view;
      expect(patch.box).toEqual({ x: x + (column - 1) * 2, y: y + (row - 1) * 2, width: 6, height: 6 });
      expect(patch.seesAll).toBe(false);
    }
    for (const patch of layers[1]!.units[0]!.patches) {
      expect([patch.position, patch.seesAll, patch.box]).toEqual([[], true, patch.frame.view]);
      const { width, height } = await patch.crop();
      expect([width, height]).toEqual([48, 48]);
    }
    const whole = await topPatches(network(), { layers: ['classes'], images, units: [1], fit: 'whole' });
    const boxes = whole.layers[0]!.units[0]!.patches.map(({ box, frame }) => [
      box.width,
      box.height,
      frame.width,
      frame.height,
    ]);
    expect(boxes).toContainEqual([96, 48, 48, 24]);
    expect(boxes).toContainEqual([48, 72, 24, 36]);
  });

  it('takes a folder, the ones below it too, and says what it skipped', async () => {
    const net = network();
    const options = { layers: ['conv1'], images: folder };
    await expect(topPatches(net, options)).rejects.toThrow(/broken\.png/);
    const { images, skipped, layers } = await topPatches(net, { ...options, unreadable: 'skip' });
    expect(images).toBe(3);
    expect(skipped.map(({ name }) => name)).toEqual([join(folder, 'broken.png')]);
    expect(skipped[0]!.reason).toMatch(/broken\.png/);
    const { patches } = layers[0]!.units[0]!;
    expect(patches.map(({ image }) => image).sort()).toEqual(
      ['a.png', 'b.png', 'below/c.png'].map((name) => join(folder, name)),
    );
    expect((await patches[0]!.crop()).width).toBe(3);
  });

  it('takes pictures one after another: paths as they are, bytes only where they may be kept', async () => {
    const net = network();
    async function* paths() {
      yield join(folder, 'a.png');
      yield join(folder, 'b.png');
    }
    const [first] = await topPatches(net, { layer: 'conv1', unit: 0, images: paths() });
    expect((await first!.read()).width).toBe(24);
    function* pixels() {
      yield noise(1);
      yield noise(2);
    }
    await expect(topPatches(net, { layer: 'conv1', unit: 0, images: pixels() })).rejects.toThrow(
      /picture 1 comes as Object from what gives pictures one after another.*keepBytes: true/,
    );
    const kept = await topPatches(net, { layer: 'conv1', unit: 0, images: pixels(), keepBytes: true });
    expect(await kept[0]!.crop()).toEqual(
      await (await topPatches(net, { layer: 'conv1', unit: 0, images: [noise(1), noise(2)] }))[0]!.crop(),
    );
  });

  it('shows the first of equal pictures, in any order of them', async () => {
    const equal = (names: string[]) => names.map((name) => ({ name, source: noise(name === 'z' ? 9 : 5) }));
    const top = async (names: string[]) =>
      (await topPatches(network(), { layers: ['conv1'], images: equal(names), count: 2 })).layers[0]!.units.map(
        ({ patches }) => patches.map(({ activation, position, image }) => ({ activation, position, image })),
      );
    const [one, other] = [await top(['a', 'b', 'z']), await top(['b', 'a', 'z'])];
    const renamed = (units: typeof one) =>
      units.map((list) => list.map((p) => ({ ...p, image: { a: 'b', b: 'a' }[p.image] ?? p.image })));
    expect(other).toEqual(renamed(one));
  });

  it('looks into VGG-19, whose layers have no map of their own before their ReLU', async () => {
    const vgg = seededVgg19(1, 'conv3_1');
    const images = Array.from({ length: 3 }, (_, i) => noise(i + 1, 40, 32));
    const { layers } = await topPatches(vgg, { layers: ['conv1_2', 'conv3_1'], units: [0, 63], images, size: 32 });
    expect(layers.map(({ layer, channels, field }) => [layer, channels, field[0]!.size])).toEqual([
      ['conv1_2', 64, 5],
      ['conv3_1', 256, 24],
    ]);
    for (const { units } of layers)
      for (const { patches } of units)
        expect(patches.map(({ image }) => image).sort()).toEqual(['picture 1', 'picture 2', 'picture 3']);
  });

  it('names what does not fit', async () => {
    const top = (options: Partial<TopPatchesOptions>) =>
      topPatches(network(), { layers: ['conv1'], images: [noise(1)], ...options });
    await expect(top({ layers: ['conv9'] })).rejects.toThrow(
      'small: no layer is called "conv9"; there are conv1, conv2, conv3, classes',
    );
    await expect(top({ units: [6] })).rejects.toThrow('conv1 has units 0 to 5, got 6');
    await expect(top({ layers: ['conv2'], size: 1 })).rejects.toThrow('small: pictures of 1×1 pixels do not fit');
    await expect(top({ size: 0.5 })).rejects.toThrow('size must be a whole number of at least 1, got 0.5');
    await expect(top({ fit: 'stretch' as 'whole' })).rejects.toThrow(`fit must be 'square' or 'whole', got "stretch"`);
    await expect(top({ images: [] })).rejects.toThrow('there are no pictures to look at');
    await expect(top({ images: join(folder, 'nowhere') })).rejects.toThrow(
      /cannot read the folder .*nowhere \(ENOENT\)/,
    );
    await expect(top({ images: [join(folder, 'broken.png')], unreadable: 'skip' })).rejects.toThrow(
      /none of 1 pictures can be read; .*broken\.png/,
    );
    await expect(top({ unreadable: 'no' as 'skip' })).rejects.toThrow(`unreadable must be 'fail' or 'skip', got "no"`);
    await expect(
      topPatches(network(), { layer: 'conv1', unit: undefined as unknown as number, images: [noise(1)] }),
    ).rejects.toThrow('unit must be a whole number, got undefined');
  });
});
