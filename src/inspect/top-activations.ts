import { InputError } from '../core/errors.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import { cellsOfUnit } from '../graph/receptive-field.ts';
import type { Engine } from '../runtime/engine.ts';
import { checkSample, type LayerGeometry, LayerPeaks } from './layer-peaks.ts';
import { type Holder, Leaderboard } from './leaderboard.ts';
import type { Subject } from './subject.ts';
import { unravel } from './unravel.ts';

/** Something to show to a network: a picture, a sound, a volume. */
export interface Sample<T = undefined> {
  readonly name: string;
  /** [1, …spatial, C]. */
  readonly shape: Shape;
  readonly values: Float32Array;
  /** What finds it again: a path, a time, a place in a volume. Kept for the winners alone. */
  readonly origin: T;
}

/** The units of a layer: all of them, or some by number, from 0. */
export type Units = 'all' | readonly number[];

export interface TopActivationsOptions {
  readonly layers: readonly string[];
  /** The same of every layer, or by its name. Default: all. */
  readonly units?: Units | Readonly<Record<string, Units>>;
  /** How many are kept for each unit, each of another sample. Default: 9. */
  readonly count?: number;
  /** Samples of one shape that go through the network together; other batches may round otherwise. Default: 4. */
  readonly batch?: number;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  /** Told after each batch how many samples have been seen. */
  readonly onProgress?: (samples: number) => void;
}

/** Where a unit is most active in one sample. */
export interface Peak<T = undefined> {
  readonly name: string;
  readonly origin: T;
  /** The sample's number in the stream, from 0. */
  readonly sample: number;
  readonly activation: number;
  /** The cell of the layer's map; empty where it has no spatial axes. */
  readonly position: readonly number[];
  /** What that cell sees of each spatial axis of the sample: `size` cells from `first`, which may lie outside. */
  readonly cells: readonly { readonly first: number; readonly size: number }[];
}

export interface UnitPeaks<T = undefined> {
  readonly unit: number;
  /** The strongest first. */
  readonly peaks: readonly Peak<T>[];
}

export interface LayerActivations<T = undefined> extends LayerGeometry {
  readonly units: readonly UnitPeaks<T>[];
}

export interface TopActivations<T = undefined> {
  /** Samples that were seen. */
  readonly samples: number;
  /** In the order in which layers were asked for; sizes and fields are those of the first sample's shape. */
  readonly layers: readonly LayerActivations<T>[];
}

/**
 * For units of several layers, the samples that activate them most (Zeiler & Fergus 2014): of each sample a unit's largest
 * activation over all positions, of these the largest of different samples. Of equal ones the first sample counts, then the
 * first position. One pass over a stream of any length: memory does not grow with it.
 *
 * @example
 * const { layers } = await topActivations(subject, clips, { layers: ['conv3'], units: [0, 1, 2] });
 * layers[0].units[0].peaks[0]; // { name: 'song.wav', activation: 3.1, cells: [{ first: 8000, size: 4000 }], … }
 * @throws InputError where there is no sample, no layer or unit has that name or number, a sample does not fit, or an
 *   activation is NaN. An aborted signal's reason.
 */
export async function topActivations<T>(
  subject: Subject,
  samples: Iterable<Sample<T>> | AsyncIterable<Sample<T>>,
  options: TopActivationsOptions,
): Promise<TopActivations<T>> {
  const { batch = 4, signal, onProgress } = options;
  const search = new Search<T>(subject, options);
  let pending: Sample<T>[] = [];
  const flush = (): void => {
    if (pending.length === 0) return;
    search.take(pending);
    pending = [];
    onProgress?.(search.seen);
  };
  for await (const sample of samples) {
    signal?.throwIfAborted();
    checkSample(sample.name, sample.values, sample.shape);
    if (pending.length > 0 && !sameShape(pending[0]!.shape, sample.shape)) flush();
    pending.push(sample);
    if (pending.length === batch) flush();
  }
  flush();
  return search.result();
}

/** What is kept of a sample as long as it is in a list. */
interface Kept<T> {
  readonly name: string;
  readonly origin: T;
  readonly layers: readonly LayerGeometry[];
  lists: number;
}

class Search<T> {
  seen = 0;
  readonly #subject: Subject;
  readonly #options: TopActivationsOptions;
  readonly #kept = new Map<number, Kept<T>>();
  #peaks: LayerPeaks | undefined;
  #layers: readonly LayerGeometry[] = [];
  #units: readonly (readonly number[])[] = [];
  #boards: readonly Leaderboard[] = [];

  constructor(subject: Subject, options: TopActivationsOptions) {
    const { layers, count = 9, batch = 4 } = options;
    if (layers.length === 0 || new Set(layers).size < layers.length)
      throw new InputError(`topActivations: layers must be one or more different names, got ${JSON.stringify(layers)}`);
    for (const [name, value] of Object.entries({ count, batch }))
      if (!Number.isInteger(value) || value < 1)
        throw new InputError(`topActivations: ${name} must be a whole number of at least 1, got ${value}`);
    this.#subject = subject;
    this.#options = options;
  }

  /** Samples of one shape, at most a batch. */
  take(samples: readonly Sample<T>[]): void {
    const peaks = this.#peaksFor(samples[0]!.shape);
    peaks.run(samples.map(({ values }) => values));
    for (const [row, { name, origin }] of samples.entries()) {
      const sample = this.seen++;
      const entry: Kept<T> = { name, origin, layers: peaks.layers, lists: 0 };
      const holder: Holder = {
        hold: () => {
          if (entry.lists++ === 0) this.#kept.set(sample, entry);
        },
        release: (dropped) => {
          if (--this.#kept.get(dropped)!.lists === 0) this.#kept.delete(dropped);
        },
      };
      for (const [layer, units] of this.#units.entries())
        for (const [list, unit] of units.entries()) {
          const peak = peaks.peak(layer, row, unit);
          if (Number.isNaN(peak.value))
            throw new InputError(
              `topActivations: unit ${unit} of ${this.#layers[layer]!.layer} is NaN for "${name}": the sample or the weights hold what is no number`,
            );
          this.#boards[layer]!.offer(list, { sample, ...peak }, holder);
        }
    }
  }

  #peaksFor(shape: Shape): LayerPeaks {
    const { layers, batch = 4, count = 9, engine } = this.#options;
    if (this.#peaks && sameShape(this.#peaks.shape, shape)) return this.#peaks;
    this.#peaks = new LayerPeaks(this.#subject, layers, shape, batch, engine);
    if (this.#boards.length === 0) {
      this.#layers = this.#peaks.layers;
      this.#units = this.#layers.map((layer) => unitsOf(layer, this.#options.units));
      this.#boards = this.#units.map((units) => new Leaderboard(units.length, count));
    }
    return this.#peaks;
  }

  result(): TopActivations<T> {
    if (this.seen === 0) throw new InputError('topActivations: there is no sample to look at');
    const layers = this.#layers.map((geometry, layer) => ({
      ...geometry,
      units: this.#units[layer]!.map((unit, list) => ({
        unit,
        peaks: this.#boards[layer]!.places(list).map(({ sample, position, value }): Peak<T> => {
          const { name, origin, layers } = this.#kept.get(sample)!;
          const { map, field } = layers[layer]!;
          const at = map.length > 0 ? unravel(position, map) : [];
          const cells = field.map((axis, i) => cellsOfUnit(axis, at[i] ?? 0));
          return { name, origin, sample, activation: value, position: at, cells };
        }),
      })),
    }));
    return { samples: this.seen, layers };
  }
}

/** The units of a layer that are asked for. @throws InputError naming one that it does not have. */
function unitsOf({ layer, channels }: LayerGeometry, wanted: TopActivationsOptions['units'] = 'all'): number[] {
  const units =
    typeof wanted === 'string' || Array.isArray(wanted)
      ? (wanted as Units)
      : ((wanted as Record<string, Units>)[layer] ?? 'all');
  if (units === 'all') return Array.from({ length: channels }, (_, unit) => unit);
  const unknown = units.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= channels);
  if (unknown !== undefined || units.length === 0)
    throw new InputError(`inspect: ${layer} has units 0 to ${channels - 1}, got ${unknown ?? 'none'}`);
  return [...new Set(units)];
}
