import { elementsOf } from '../../core/shape.ts';
import { styleFactor } from '../../graph/ops/style-loss.ts';
import { type Plan, plan } from '../../graph/plan.ts';
import type { Engine } from '../../runtime/engine.ts';
import { contentNormalization, type Goal, type LayerWeight, type Losses, type Objective } from '../objective.ts';
import {
  addCrop,
  cropArray,
  gramName,
  loss,
  maskName,
  partOfMask,
  readCrop,
  type TileGraph,
  target,
  tileGraph,
  tilePlanOptions,
} from './graph.ts';
import { GramSums, oncePerKind, positionsOf } from './sums.ts';
import { cutIntoTiles, type Tile, type Tiling } from './tiling.ts';
import { Variation } from './variation.ts';
import { layersOf, weighing, workOf } from './work.ts';

type Arrays = Readonly<Record<string, Float32Array>>;

/** A plan for all tiles of one kind. */
interface TilePlan {
  readonly parts: TileGraph;
  readonly plan: Plan;
}

/**
 * J of a picture that is worked on tile by tile, so that memory is that of a tile, not of the picture. The first pass sums
 * the Gram matrices of all tiles; from them follow the style losses and ∂J/∂Gram, with which the second pass goes back
 * through each tile. A tile's own units see nothing outside its crop (`cutIntoTiles`), so what flows back from them is all
 * that they contribute to ∂J/∂G, halo included: the gradients of crops overlap and add up to that of the whole picture,
 * with halos half as wide as units would need that are to see all that looks at a pixel. Tiles come in a fixed order, so
 * equal tiles give equal bits.
 */
class TiledObjective implements Objective {
  readonly engine: Engine;
  readonly elements: number;
  readonly tiling: Tiling;
  readonly #goal: Goal;
  readonly #contentLayers: readonly LayerWeight[];
  readonly #styleLayers: readonly LayerWeight[];
  /** Targets of the content losses, by tile and the name of the graph's input. */
  readonly #targets: readonly Arrays[];
  readonly #grams = new GramSums();
  readonly #variation: Variation;
  readonly #crop: Float32Array<ArrayBuffer>;
  readonly #gradient: Float32Array<ArrayBuffer>;
  readonly #forward: (tile: Tile) => TilePlan;
  readonly #backward: (tile: Tile) => TilePlan;

  constructor(goal: Goal, largest: number, recompute: boolean) {
    const { engine, network, size, styles } = goal;
    const work = workOf(goal);
    const tiling = cutIntoTiles(goal, layersOf(work), largest);
    this.#goal = goal;
    this.engine = engine;
    this.elements = elementsOf([size.height, size.width, network.input.channels]);
    this.tiling = tiling;
    this.#contentLayers = weighing(goal.contentLayers);
    this.#styleLayers = styles.length > 0 ? weighing(goal.styleLayers) : [];
    this.#crop = cropArray(tiling);
    this.#gradient = cropArray(tiling);
    this.#backward = oncePerKind((tile) => {
      const parts = tileGraph(tiling, tile, work);
      const options = { ...tilePlanOptions(tiling, parts), engine, gradients: { nodes: ['image'] }, recompute };
      return { parts, plan: plan(parts.graph, options) };
    });
    this.#forward = oncePerKind((tile) => {
      const parts = tileGraph(tiling, tile, { content: [], grams: work.grams });
      return { parts, plan: plan(parts.graph, { ...tilePlanOptions(tiling, parts), engine }) };
    });
    // The largest plans first: the workspace is as large as it will be before others lie behind it.
    if (layersOf(work).length > 0) for (const tile of tiling.tiles) this.#backward(tile);
    this.#targets = this.#contentTargets(work.content);
    this.#variation = new Variation(goal);
  }

  /** Features of the content picture: each tile's own units. */
  #contentTargets(layers: readonly string[]): Arrays[] {
    const { engine, content } = this.#goal;
    const { tiling } = this;
    const plans = oncePerKind((tile) => {
      const parts = tileGraph(tiling, tile, { content: layers, grams: [] });
      return { parts, plan: plan(parts.graph, { ...tilePlanOptions(tiling, parts, [...parts.own.values()]), engine }) };
    });
    return tiling.tiles.map((tile) => {
      if (!layers.some((layer) => tile.parts.has(layer))) return {};
      readCrop(tiling, tile, content, this.#crop);
      const { parts, plan } = plans(tile);
      const features = plan.run({ image: this.#crop });
      return Object.fromEntries(parts.content.map((layer) => [target(layer), features[parts.own.get(layer)!]!]));
    });
  }

  evaluate(image: number, gradient: number): Losses {
    const { memory } = this.engine;
    const { tiling } = this;
    const variation = this.#variation.evaluate(image, gradient);
    this.#sumGrams(image);
    const { style, seeds } = this.#styleLosses();
    let content = 0;
    for (const [i, tile] of tiling.tiles.entries()) {
      if (tile.parts.size === 0) continue;
      const { parts, plan } = this.#backward(tile);
      const outputs = this.#run(plan, image, tile, parts, this.#targets[i]!);
      const wanted: Record<string, Float32Array> = {};
      for (const { layer, weight } of this.#contentLayers)
        if (parts.content.includes(layer)) {
          const scale = Math.fround(weight * this.#contentScale(layer));
          content += scale * outputs[loss(layer)]![0]!;
          wanted[loss(layer)] = Float32Array.of(scale);
        }
      for (const { layer, masked } of parts.grams)
        wanted[gramName(layer, masked)] = seeds.get(gramName(layer, masked))!;
      plan.backward(wanted, { into: { nodes: { image: this.#gradient }, parameters: {} } });
      addCrop(tiling, tile, memory.f32(gradient, this.elements), this.#gradient);
    }
    return { content, style, variation, total: content + style + variation };
  }

  #sumGrams(image: number): void {
    this.#grams.clear();
    for (const tile of this.tiling.tiles) {
      if (!this.#styleLayers.some(({ layer }) => tile.parts.has(layer))) continue;
      const { parts, plan } = this.#forward(tile);
      this.#grams.add(parts, this.#run(plan, image, tile, parts, {}));
    }
  }

  #run(plan: Plan, image: number, tile: Tile, { grams }: TileGraph, targets: Arrays): Arrays {
    const inputs: Record<string, Float32Array> = { ...targets, image: this.#crop };
    readCrop(this.tiling, tile, this.engine.memory.f32(image, this.elements), this.#crop);
    for (const { layer, masked } of grams) {
      if (masked === undefined) continue;
      const factors = this.#goal.styles[Number(masked)]!.masks!.get(layer)!;
      inputs[maskName(layer, masked)] = partOfMask(tile.parts.get(layer)!, this.tiling.shapes.get(layer)!, factors);
    }
    return plan.run(inputs);
  }

  /** What ½ Σ (a − t)² is multiplied by. */
  #contentScale(layer: string): number {
    const mean = contentNormalization[this.#goal.normalization] === 'mean';
    return mean ? 2 / elementsOf(this.tiling.shapes.get(layer)!) : 1;
  }

  /** Style losses of the summed Gram matrices, and their gradients in the sums. */
  #styleLosses(): { style: number; seeds: ReadonlyMap<string, Float32Array> } {
    const { styles, normalization } = this.#goal;
    const seeds = new Map<string, Float32Array>();
    let style = 0;
    for (const { layer, weight } of this.#styleLayers) {
      const positions = positionsOf(this.tiling, layer);
      for (const [i, { weight: share, grams, masks }] of styles.entries()) {
        const masked = masks && String(i);
        const sum = this.#grams.get(layer, masked);
        const wanted = grams.get(layer)!;
        const name = gramName(layer, masked);
        const seed = seeds.get(name) ?? new Float32Array(sum.length);
        seeds.set(name, seed);
        const factor = weight * share * styleFactor(normalization, this.tiling.shapes.get(layer)!.at(-1)!);
        let squares = 0;
        for (let k = 0; k < sum.length; k++) {
          const difference = sum[k]! / positions - wanted[k]!;
          squares += difference * difference;
          seed[k]! += (2 * factor * difference) / positions;
        }
        style += factor * squares;
      }
    }
    return { style, seeds };
  }

  /** Plans of tiles lie in the engine's workspace: they hold nothing else. */
  close(): void {
    this.#variation.close();
    this.engine.releaseWorkspace();
  }
}

/**
 * J of pictures that do not fit into memory whole.
 * @param largest Longest side of what is worked on at once, halo included
 * @param recompute Compute activations of a tile again instead of keeping them
 * @throws InputError where the halo of the layers is larger, or the network does not let itself be tiled
 */
export const tiledObjective = (goal: Goal, largest: number, recompute = false): TiledObjective =>
  new TiledObjective(goal, largest, recompute);
