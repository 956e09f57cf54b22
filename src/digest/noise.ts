import { Rng } from '../core/rng.ts';
import { elementsOf, type Shape } from '../core/shape.ts';

/** Seeded float32 values from −1 to below 1. */
export function noise(shape: Shape, seed: number): Float32Array {
  const rng = new Rng(seed);
  return Float32Array.from({ length: elementsOf(shape) }, () => rng.between(-1, 1));
}

/** A seeded picture with slopes, edges and grain. */
export function picture(width: number, height: number): { data: Uint8Array; width: number; height: number } {
  const rng = new Rng(width, height);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const disc = dx * dx + dy * dy < (height * height) / 9 ? 90 : 0;
      const grain = rng.below(24);
      data.set([(x * 2 + grain) & 255, (y + disc + grain) & 255, (disc + 40 + grain) & 255, 255], (y * width + x) * 4);
    }
  return { data, width, height };
}
