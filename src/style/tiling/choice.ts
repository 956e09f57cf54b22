import { InputError } from '../../core/errors.ts';
import { workspaceOf } from '../../graph/plan.ts';
import type { Engine } from '../../runtime/engine.ts';
import { imageObjective, imageWorkspace } from '../image-objective.ts';
import type { Goal, Objective } from '../objective.ts';
import { tileGraph, tilePlanOptions } from './graph.ts';
import { tiledObjective } from './objective.ts';
import { cutIntoTiles, type TileSite } from './tiling.ts';
import { layersOf, type TileWork, workOf } from './work.ts';

/** How much of a picture is worked on at once. */
export interface TileOptions {
  /** The longest side of what is worked on at once, in pixels. Default: as large as `memory` allows. */
  readonly tile?: number | undefined;
  /** The most bytes that activations and their gradients may take. Default: 1 GiB. */
  readonly memory?: number | undefined;
}

/** One way to work on a picture. */
interface Way {
  /** Longest side of what is worked on at once. */
  readonly largest: number;
  /** Activations are computed again, not kept. */
  readonly recompute: boolean;
}

const USUAL_MEMORY = 2 ** 30;
/** Sides of tiles are tried in steps of so many pixels. */
const STEP = 16;

/** J by the quickest way that the options allow: of the picture whole, with activations computed again, or tile by tile. */
export function objectiveFor(goal: Goal, options: TileOptions = {}): Objective {
  if (options.tile === undefined && imageWorkspace(goal) <= (options.memory ?? USUAL_MEMORY))
    return imageObjective(goal);
  const { largest, recompute } = wayFor(goal, workOf(goal), true, options);
  return largest >= longestOf(goal) ? imageObjective(goal, { recompute }) : tiledObjective(goal, largest, recompute);
}

const longestOf = ({ size: { height, width } }: TileSite): number => Math.max(height, width);

/**
 * The quickest way that keeps to the memory.
 * @throws InputError where even the smallest tiles need more
 */
export function wayFor(
  site: TileSite & { readonly engine: Engine },
  work: TileWork,
  gradients: boolean,
  { tile, memory = USUAL_MEMORY }: TileOptions,
): Way {
  if (tile !== undefined) return { largest: tile, recompute: false };
  if (!(memory > 0)) throw new InputError(`stylize: memory must be a number of bytes above 0, got ${memory}`);
  const whole = { largest: longestOf(site), recompute: false };
  if (layersOf(work).length === 0) return whole;
  const look = (way: Way) => examine(site, work, gradients, way);
  if (look(whole).bytes <= memory) return whole;
  const ways = (gradients ? [false, true] : [false]).flatMap((recompute) => {
    const fitting = largestThatFits((largest) => look({ largest, recompute }).bytes <= memory, site, work);
    return fitting === undefined ? [] : [{ largest: fitting, recompute }];
  });
  const costs = new Map(ways.map((way) => [way, look(way).cost]));
  const best = ways.sort((a, b) => costs.get(a)! - costs.get(b)!)[0];
  if (best) return best;
  throw new InputError(
    `stylize: memory of ${(memory / 2 ** 20).toFixed(1)} MB is too little for a picture of ${site.size.width}×${site.size.height} with these layers of ${site.network.name}, even in the smallest tiles`,
  );
}

/** What a way takes: bytes of workspace, and time as pixels that go through the network. */
function examine(
  site: TileSite & { readonly engine: Engine },
  work: TileWork,
  gradients: boolean,
  { largest, recompute }: Way,
): { bytes: number; cost: number } {
  const tiling = cutIntoTiles(site, layersOf(work), largest);
  const [first] = tiling.tiles;
  const parts = tileGraph(tiling, first!, work);
  const options = tilePlanOptions(tiling, parts);
  const bytes = workspaceOf(parts.graph, {
    ...options,
    engine: site.engine,
    ...(gradients && { gradients: { nodes: ['image'] }, recompute }),
  });
  const { height, width } = tiling.crop;
  const tiles = tiling.tiles.length;
  // Forward and back; forward again where it is computed again, and where Gram matrices are summed first.
  const passes = 2 + (recompute ? 1 : 0) + (tiles > 1 && work.grams.length > 0 ? 1 : 0);
  return { bytes, cost: passes * tiles * height * width };
}

/** The largest side that fits, of those that are larger than the halo. */
function largestThatFits(fits: (largest: number) => boolean, site: TileSite, work: TileWork): number | undefined {
  const longest = longestOf(site);
  let low = Math.ceil(longest / STEP);
  for (let steps = 1; steps < low; steps++) if (isLargeEnough(site, work, steps * STEP)) low = steps;
  if (!fits(Math.min(longest, low * STEP))) return undefined;
  let high = Math.ceil(longest / STEP) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(Math.min(longest, middle * STEP))) low = middle;
    else high = middle;
  }
  return Math.min(longest, low * STEP);
}

function isLargeEnough(site: TileSite, work: TileWork, largest: number): boolean {
  try {
    cutIntoTiles(site, layersOf(work), largest);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
