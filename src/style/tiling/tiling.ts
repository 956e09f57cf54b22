import { InputError } from '../../core/errors.ts';
import type { Shape } from '../../core/shape.ts';
import { type ReceptiveAxis, receptiveFields } from '../../graph/receptive-field.ts';
import type { FeatureNetwork, PictureSize } from '../../models/feature-network.ts';
import { layerShapes } from '../features.ts';
import { cutAxis, type OwnUnits, ownUnits, type Stretch } from './axis.ts';

/** What is worked on tile by tile. */
export interface TileSite {
  readonly network: FeatureNetwork;
  readonly size: PictureSize;
  readonly pooling: 'max' | 'average';
}

/** The units of a layer that belong to a tile. */
export interface TilePart {
  readonly y: OwnUnits;
  readonly x: OwnUnits;
}

/** A part of a picture that is worked on at once, and what of it is its own. */
export interface Tile {
  readonly y: Stretch;
  readonly x: Stretch;
  /** By layer; a layer of which it has no unit is missing. */
  readonly parts: ReadonlyMap<string, TilePart>;
  /** Equal for tiles whose parts lie in the same places of their crops. */
  readonly kind: string;
}

/** A picture cut into tiles, row by row: each unit of each layer belongs to one tile. */
export interface Tiling {
  readonly site: TileSite;
  /** Size of all crops. */
  readonly crop: PictureSize;
  readonly tiles: readonly Tile[];
  /** Shapes [1,h,w,C] of the layers of the picture. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

/**
 * Cuts a picture into crops with sides of at most `largest` pixels.
 * @param layers Layers that are looked at
 * @throws InputError where the halo of these layers is larger, or the network does not let itself be tiled
 */
export function cutIntoTiles(site: TileSite, layers: readonly string[], largest: number): Tiling {
  const { network, size, pooling } = site;
  if (!Number.isInteger(largest) || largest < 1)
    throw new InputError(`tiles: a side must be a whole number of pixels, got ${largest}`);
  const shapes = layerShapes(site, layers);
  if (layers.length === 0 || Math.max(size.height, size.width) <= largest)
    return tilingOf(site, size, whole(size.height), whole(size.width), shapes, shapes, wholeFields(layers));
  if (network.input.fixed)
    throw new InputError(`tiles: ${network.name} takes pictures of one size only, so none can be cut`);
  const graph = network.graph(size, { to: layers, pooling });
  const image = [1, size.height, size.width, network.input.channels];
  const fields = receptiveFields(graph, layers, { inputs: { image }, parameters: network.parameters });
  const along = (axis: number) => [...fields.values()].map((axes) => axes[axis]!);
  // A crop smaller than the network takes would be none.
  const side = Math.max(largest, network.input.leastSize);
  const [rows, columns] = [cutAxis(size.height, side, along(0)), cutAxis(size.width, side, along(1))];
  const crop = { height: rows.crop, width: columns.crop };
  const cropped = layerShapes({ ...site, size: crop }, layers);
  for (const layer of layers) {
    const axes = fields.get(layer)!;
    for (const [i, cut] of [size.height - crop.height, size.width - crop.width].entries())
      if (cropped.get(layer)![i + 1]! !== shapes.get(layer)![i + 1]! - (cut === 0 ? 0 : cut / axes[i]!.stride))
        throw new InputError(
          `tiles: layer ${layer} of ${network.name} depends on the size of the picture otherwise than by its windows`,
        );
  }
  return tilingOf(site, crop, rows.stretches, columns.stretches, shapes, cropped, fields);
}

const whole = (pixels: number): Stretch[] => [{ start: 0, from: 0, to: pixels, last: true }];
const wholeFields = (layers: readonly string[]): ReadonlyMap<string, readonly ReceptiveAxis[]> =>
  new Map(layers.map((layer) => [layer, [0, 1].map(() => ({ size: 1, stride: 1, padding: 0 }))]));

function tilingOf(
  site: TileSite,
  crop: PictureSize,
  rows: readonly Stretch[],
  columns: readonly Stretch[],
  shapes: ReadonlyMap<string, Shape>,
  cropped: ReadonlyMap<string, Shape>,
  fields: ReadonlyMap<string, readonly ReceptiveAxis[]>,
): Tiling {
  const tiles = rows.flatMap((y) =>
    columns.map((x): Tile => {
      const parts = new Map<string, TilePart>();
      for (const [layer, [, h, w]] of cropped) {
        const [down, across] = fields.get(layer)!;
        const part = { y: ownUnits(y, down!.stride || 1, h!), x: ownUnits(x, across!.stride || 1, w!) };
        if (part.y.count > 0 && part.x.count > 0) parts.set(layer, part);
      }
      return { y, x, parts, kind: kindOf(parts) };
    }),
  );
  return { site, crop, tiles, shapes };
}

const kindOf = (parts: ReadonlyMap<string, TilePart>): string =>
  [...parts].map(([layer, { y, x }]) => [layer, y.first, y.count, x.first, x.count].join(' ')).join(', ');
