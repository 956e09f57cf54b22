import { describe, expect, it } from 'vitest';
import type { RgbaImage } from '../../src/image/image.ts';
import { projectionPicture } from '../../src/inspect/projection-picture.ts';
import { topPatches } from '../../src/inspect/top-patches.ts';
import { UnitPainter } from '../../src/inspect/unit-pictures.ts';
import { ownFeatures } from '../../src/models/feature-network.ts';
import { noisePicture } from '../support/picture.ts';
import { smallNet } from '../support/small-net.ts';

const pixel = ({ data, width }: RgbaImage, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3),
];

describe('projectionPicture', () => {
  it('is grey at 0, brighter above, and grey outside', () => {
    const values = new Float32Array(3 * 4 * 3);
    values.set([1, 0, -1], (1 * 4 + 2) * 3);
    const all = projectionPicture(values, [1, 3, 4, 3]);
    expect([all.width, all.height]).toEqual([4, 3]);
    expect(pixel(all, 0, 0)).toEqual([128, 128, 128]);
    const [red, green, blue] = pixel(all, 2, 1);
    expect([red! > 190, green, blue! < 66]).toEqual([true, 128, true]);
    const part = projectionPicture(values, [1, 3, 4, 3], { first: -1, size: 3 }, { first: 2, size: 3 });
    expect([part.width, part.height]).toEqual([3, 3]);
    expect(pixel(part, 0, 0)).toEqual([128, 128, 128]);
    expect(pixel(part, 0, 2)[0]).toBeGreaterThan(150);
    const grey = projectionPicture(Float32Array.of(0, 2), [1, 1, 2, 1]);
    expect(new Set(pixel(grey, 1, 0)).size).toBe(1);
  });
});

describe('UnitPainter', () => {
  const { graph, parameters } = smallNet(2);
  const network = ownFeatures({
    graph,
    parameters,
    layers: ['conv1', 'conv2', 'classes'],
    input: { usualSize: 24, leastSize: 8 },
    mean: 127.5,
    divisor: 127.5,
  });
  const images = Array.from({ length: 4 }, (_, i) => noisePicture(24, 24, i + 1));

  it('draws nine patches beside what drives the unit', async () => {
    const patches = await topPatches(network, { layer: 'conv2', unit: 4, images, count: 4 });
    const painter = new UnitPainter(network, 'conv2', { cell: 16, gap: 1, columns: 2 });
    const { patches: grid, projections } = await painter.paint(4, patches);
    painter.close();
    for (const picture of [grid, projections!]) expect([picture.width, picture.height]).toEqual([33, 33]);
    // A cell holds its patch, here 8 pixels as 16; the line between is white.
    const crop = await patches[0]!.crop();
    expect(pixel(grid, 16, 5)).toEqual([255, 255, 255]);
    const mean = (image: RgbaImage, size: number) => {
      let sum = 0;
      for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) sum += pixel(image, x, y)[1]!;
      return sum / size / size;
    };
    expect(mean(grid, 16)).toBeCloseTo(mean(crop, 8), -1);
  });

  it('frames what drives a unit that sees everything, or cuts it out', async () => {
    const patches = await topPatches(network, { layer: 'classes', unit: 1, images, count: 2 });
    const paint = async (options: object) => {
      const painter = new UnitPainter(network, 'classes', { cell: 48, ...options });
      const pictures = await painter.paint(1, patches);
      painter.close();
      return pictures;
    };
    const yellow = ({ data, width, height }: RgbaImage) =>
      Array.from({ length: width * height }, (_, i) => i).filter((i) => data[i * 4] === 255 && data[i * 4 + 1] === 214)
        .length;
    expect(yellow((await paint({})).patches)).toBeGreaterThan(20);
    expect(yellow((await paint({ zoom: true })).patches)).toBe(0);
    const none = await paint({ rule: 'none' });
    expect([none.projections, yellow(none.patches)]).toEqual([undefined, 0]);
    expect((await paint({ rule: 'guided' })).projections).not.toEqual((await paint({ rule: 'gradient' })).projections);
  });
});
