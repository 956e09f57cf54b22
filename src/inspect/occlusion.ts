import { InputError } from '../core/errors.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import { plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import { checkSample } from './layer-peaks.ts';
import type { Subject } from './subject.ts';
import { ravel, unravel } from './unravel.ts';

export interface OcclusionOptions {
  readonly layer: string;
  readonly unit: number;
  /** The cell of the layer's map that is watched. Default: whichever is most active, in each covered sample anew. */
  readonly position?: readonly number[];
  /** Cells that are covered: one number, or one an axis. */
  readonly size: number | readonly number[];
  /** Steps from one place to the next. Default: half the size, rounded up. */
  readonly stride?: number | readonly number[];
  /** What covers: a value, or the mean of each channel. Default: `'mean'`. */
  readonly fill?: number | 'mean';
  /** Covered samples that go through the network together. Default: 4. */
  readonly batch?: number;
  readonly engine?: Engine;
}

export interface OcclusionMap {
  /** The unit's activation in the sample as it is. */
  readonly activation: number;
  /** Where the cover begins, a list for each spatial axis. */
  readonly places: readonly (readonly number[])[];
  /** The unit's activation with the cover at each combination of places, the last axis fastest. */
  readonly values: Float32Array;
}

/**
 * How a unit's activation falls as a cover slides over a sample [1, …spatial, C] (Zeiler & Fergus 2014, section 4.2): where it
 * falls most is what the unit sees. The cover ends at the sample's edges.
 * @throws InputError naming the layer, unit or size that does not fit
 */
export function occlusionMap(
  subject: Subject,
  { values, shape }: { readonly values: Float32Array; readonly shape: Shape },
  { layer, unit, position, size, stride, fill = 'mean', batch = 4, engine }: OcclusionOptions,
): OcclusionMap {
  checkSample('to cover', values, shape);
  const spatial = shape.slice(1, -1);
  const sizes = perAxis('size', size, spatial);
  const strides =
    stride === undefined ? sizes.map((cells) => Math.ceil(cells / 2)) : perAxis('stride', stride, spatial);
  const places = spatial.map((cells, axis) => starts(cells, sizes[axis]!, strides[axis]!));
  const cover = coverOf(values, shape.at(-1)!, fill);

  const { parameters, input } = subject;
  const graph = subject.graph(shape, [layer]);
  const planned = plan(graph, {
    parameters,
    inputs: { [input]: [batch, ...shape.slice(1)] },
    outputs: [layer],
    ...(engine && { engine }),
  });
  const watch = watcher(layer, planned.outputs.get(layer)!, unit, position);
  const inputs = new Float32Array(batch * values.length);
  const counts = places.map((list) => list.length);
  const total = elementsOf(counts);
  const found = new Float32Array(total);
  let activation = Number.NaN;
  // The sample itself goes first: it is place −1.
  for (let first = -1; first < total; first += batch) {
    const rows = Math.min(batch, total - first);
    for (let row = 0; row < rows; row++) {
      const item = inputs.subarray(row * values.length, (row + 1) * values.length);
      item.set(values);
      if (first + row < 0) continue;
      const at = unravel(first + row, counts).map((place, axis) => places[axis]![place]!);
      paint(item, shape, at, sizes, cover);
    }
    const outputs = planned.run({ [input]: inputs })[layer]!;
    for (let row = 0; row < rows; row++) {
      const value = watch(outputs, row);
      if (first + row < 0) activation = value;
      else found[first + row] = value;
    }
  }
  return { activation, places, values: found };
}

function perAxis(what: string, value: number | readonly number[], spatial: Shape): readonly number[] {
  const list = typeof value === 'number' ? spatial.map(() => value) : value;
  const fits =
    list.length === spatial.length &&
    list.every((cells, i) => Number.isInteger(cells) && cells >= 1 && cells <= spatial[i]!);
  if (!fits)
    throw new InputError(
      `occlusionMap: ${what} must be whole numbers of at least 1 within [${spatial}], got ${JSON.stringify(value)}`,
    );
  return list;
}

/** Beginnings in steps, and the one that ends at the edge. */
function starts(cells: number, size: number, stride: number): number[] {
  const last = cells - size;
  const list = Array.from({ length: Math.floor(last / stride) + 1 }, (_, i) => i * stride);
  return list.at(-1) === last ? list : [...list, last];
}

/** A value for each channel. */
function coverOf(values: Float32Array, channels: number, fill: number | 'mean'): readonly number[] {
  if (fill !== 'mean') return new Array<number>(channels).fill(fill);
  const sums = new Array<number>(channels).fill(0);
  for (let i = 0; i < values.length; i++) sums[i % channels] = sums[i % channels]! + values[i]!;
  return sums.map((sum) => (sum * channels) / values.length);
}

function paint(
  item: Float32Array,
  shape: Shape,
  at: readonly number[],
  sizes: readonly number[],
  cover: readonly number[],
): void {
  const spatial = shape.slice(1, -1);
  const channels = shape.at(-1)!;
  for (let place = 0; place < elementsOf(sizes); place++) {
    const cell = ravel(
      unravel(place, sizes).map((inside, axis) => at[axis]! + inside),
      spatial,
    );
    for (let c = 0; c < channels; c++) item[cell * channels + c] = cover[c]!;
  }
}

/** Reads the unit's activation in a row of the layer's output. */
function watcher(layer: string, output: Shape, unit: number, position: readonly number[] | undefined) {
  const map = output.slice(1, -1);
  const [channels, cells] = [output.at(-1)!, elementsOf(map)];
  if (!Number.isInteger(unit) || unit < 0 || unit >= channels)
    throw new InputError(`occlusionMap: ${layer} has units 0 to ${channels - 1}, got ${unit}`);
  if (position && (position.length !== map.length || !position.every((at, i) => at >= 0 && at < map[i]!)))
    throw new InputError(`occlusionMap: a position in ${layer} lies within [${map}], got [${position}]`);
  return (values: Float32Array, row: number): number => {
    const at = (cell: number): number => values[(row * cells + cell) * channels + unit]!;
    if (position) return at(ravel(position, map));
    let best = at(0);
    for (let cell = 1; cell < cells; cell++) if (at(cell) > best) best = at(cell);
    return best;
  };
}
