import { describe, expect, it } from 'vitest';
import { randomFeatures } from '../../src/models/random-features.ts';
import { type VolumeTextureOptions, volumeTexture } from '../../src/style/volume-texture.ts';
import { Volume } from '../../src/volumes/volume.ts';

/** Layers of three voxels across the depth: dark, bright, dark … with a slow change along the width. */
function layered(side: number): Volume {
  const values = Float32Array.from({ length: side * side * side }, (_, i) => {
    const [x, z] = [i % side, Math.floor(i / (side * side))];
    return (Math.floor(z / 3) % 2 ? 100 : 20) + x;
  });
  return new Volume({ values, shape: [side, side, side], spacing: [2, 1, 1], unit: 'HU' });
}

async function made(options: VolumeTextureOptions): Promise<{ losses: number[]; volume: Volume }> {
  const losses: number[] = [];
  let volume: Volume | undefined;
  for await (const step of volumeTexture(options)) {
    losses.push(step.loss);
    if (step.iteration === step.of) volume = step.volume();
  }
  return { losses, volume: volume! };
}

/** How much values change along an axis, of all their variance: 2 for noise. */
function roughness({ values }: Volume, stride: number, cells: number): number {
  let changes = 0;
  for (let i = 0; i + stride < values.length; i++)
    if (Math.floor(i / stride) % cells < cells - 1) changes += (values[i + stride]! - values[i]!) ** 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return changes / ((variance * (cells - 1)) / cells);
}

describe('volumeTexture', () => {
  it('makes a volume of another shape with the texture of a patch: layers, as the patch has them', async () => {
    const patch = layered(18);
    const { losses, volume } = await made({ patch, shape: [16, 12, 20], steps: 40, seed: 3 });
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 30);
    expect(volume.shape).toEqual([16, 12, 20]);
    expect(volume.spacing).toEqual([2, 1, 1]);
    expect(volume.unit).toBe('HU');
    // Along its layers it is far smoother than across them.
    const [across, along] = [roughness(volume, 12 * 20, 16), roughness(volume, 20, 12)];
    expect(along).toBeLessThan(0.6 * across);
    // Its values are spread as the patch's.
    expect(Math.min(...volume.values)).toBe(Math.min(...patch.values));
    expect(Math.max(...volume.values)).toBe(Math.max(...patch.values));
  });

  it('has the same bits at every run of one seed, others for another', async () => {
    const features = randomFeatures({ rank: 3, scales: 1, filters: 4, window: 3 });
    const options = { patch: layered(7), features, steps: 3 };
    const [first, again, other] = [await made(options), await made(options), await made({ ...options, seed: 2 })];
    expect(again).toEqual(first);
    expect(other.volume.values).not.toEqual(first.volume.values);
  });

  it('says what it cannot do', async () => {
    await expect(made({ patch: layered(4) })).rejects.toThrow('volumes need 5 voxels along each axis, got [4,4,4]');
    const even = new Volume({ values: new Float32Array(512).fill(2), shape: [8, 8, 8] });
    await expect(made({ patch: even })).rejects.toThrow('a patch of one value has no texture');
    await expect(made({ patch: layered(6), steps: 0 })).rejects.toThrow('steps must be a whole number above 0');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(made({ patch: layered(6), signal })).rejects.toThrow('enough');
  });
});

describe('randomFeatures', () => {
  it.each([1, 2, 3] as const)('have filters of length 1 for %i axes, the same for a seed', (rank) => {
    const { parameters, layers } = randomFeatures({ rank, channels: 2, scales: 2, filters: 5, window: 3, seed: 4 });
    expect(layers).toEqual(['scale1', 'scale2']);
    const { shape, read } = parameters.get('scale2/filters');
    expect(shape).toEqual([...Array.from({ length: rank }, () => 3), 2, 5]);
    const values = read();
    for (let f = 0; f < 5; f++)
      expect(values.filter((_, i) => i % 5 === f).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    const again = randomFeatures({ rank, channels: 2, scales: 2, filters: 5, window: 3, seed: 4 });
    expect(again.parameters.get('scale2/filters').read()).toEqual(values);
  });

  it.each([
    [{ rank: 4 }, 'rank must be 1, 2 or 3, got 4'],
    [{ rank: 2, filters: 0 }, 'filters must be a whole number above 0, got 0'],
  ])('refuse %j', (options, message) => expect(() => randomFeatures(options as never)).toThrow(message));
});
