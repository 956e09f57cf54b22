import { gramName, type TileGraph } from './graph.ts';
import type { Tile, Tiling } from './tiling.ts';

/** Gram matrices of a whole picture, as sums of those of its tiles in float64. */
export class GramSums {
  readonly #sums = new Map<string, Float64Array>();

  /** Starts anew. */
  clear(): void {
    for (const sum of this.#sums.values()) sum.fill(0);
  }

  /** Adds what a tile's plan gave. */
  add({ grams }: TileGraph, outputs: Readonly<Record<string, Float32Array>>): void {
    for (const { layer, masked } of grams) {
      const name = gramName(layer, masked);
      const part = outputs[name]!;
      const sum = this.#sums.get(name) ?? new Float64Array(part.length);
      this.#sums.set(name, sum);
      for (let i = 0; i < part.length; i++) sum[i]! += part[i]!;
    }
  }

  /** Σ F Fᵀ over all positions of a layer. */
  get(layer: string, masked?: string): Float64Array {
    return this.#sums.get(gramName(layer, masked))!;
  }
}

/** Positions of a layer of the picture. */
export function positionsOf({ shapes }: Tiling, layer: string): number {
  const [, h, w] = shapes.get(layer)!;
  return h! * w!;
}

/** What is made once for all tiles of one kind. */
export function oncePerKind<T>(make: (tile: Tile) => T): (tile: Tile) => T {
  const made = new Map<string, T>();
  return (tile) => {
    const known = made.get(tile.kind) ?? make(tile);
    made.set(tile.kind, known);
    return known;
  };
}
