import { plan } from '../../graph/plan.ts';
import type { NetworkPicture } from '../picture.ts';
import { gramsOf, type TargetSite } from '../targets.ts';
import { type TileOptions, wayFor } from './choice.ts';
import { cropArray, maskName, partOfMask, readCrop, tileGraph, tilePlanOptions } from './graph.ts';
import { GramSums, oncePerKind, positionsOf } from './sums.ts';
import { cutIntoTiles } from './tiling.ts';

/** The name of a picture's own mask. */
const OWN = 'own';

/**
 * Gram matrices [C,C] of a picture, divided by its positions, by layer: of the picture whole where memory allows, else
 * summed over its tiles.
 * @param masks Factors [h,w] of each layer's positions
 * @throws InputError where even the smallest tiles need more memory
 */
export function gramsFor(
  site: TargetSite,
  picture: NetworkPicture,
  layers: readonly string[],
  options: TileOptions = {},
  masks?: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const { engine, network, pooling } = site;
  const { size, values } = picture;
  const masked = masks ? { masked: OWN } : {};
  const work = { content: [], grams: layers.map((layer) => ({ layer, ...masked })) };
  const { largest } = wayFor({ ...site, size }, work, false, options);
  if (layers.length === 0 || largest >= Math.max(size.height, size.width)) return gramsOf(site, picture, layers, masks);
  const tiling = cutIntoTiles({ network, size, pooling }, layers, largest);
  const sums = new GramSums();
  const crop = cropArray(tiling);
  const planFor = oncePerKind((tile) => {
    const parts = tileGraph(tiling, tile, work);
    return { parts, plan: plan(parts.graph, { ...tilePlanOptions(tiling, parts), engine }) };
  });
  for (const tile of tiling.tiles) {
    if (tile.parts.size === 0) continue;
    const { parts, plan } = planFor(tile);
    readCrop(tiling, tile, values, crop);
    const inputs: Record<string, Float32Array> = { image: crop };
    for (const [layer, factors] of masks ?? [])
      if (tile.parts.has(layer))
        inputs[maskName(layer, OWN)] = partOfMask(tile.parts.get(layer)!, tiling.shapes.get(layer)!, factors);
    sums.add(parts, plan.run(inputs));
  }
  engine.releaseWorkspace();
  return new Map(
    layers.map((layer) => {
      const positions = positionsOf(tiling, layer);
      return [layer, Float32Array.from(sums.get(layer, masked.masked), (sum) => sum / positions)];
    }),
  );
}
