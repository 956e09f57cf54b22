import { elementsOf, formatShape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import type { Step } from './fuse.ts';
import { packScratch, type Site, type WeightForm } from './op.ts';
import type { Parameters } from './parameters.ts';

interface Held {
  readonly region: Region;
  /** Writes it from the parameters' values. */
  readonly fill: (address: number) => unknown;
}
type Store = Map<string, Held>;
const stores = new WeakMap<Engine, WeakMap<Parameters, Store>>();

/** A form of a parameter that an engine holds for all of its plans: made once for each key. */
function shared(
  engine: Engine,
  parameters: Parameters,
  key: string,
  bytes: number,
  fill: (address: number) => unknown,
): Region {
  const byParameters = stores.get(engine) ?? new WeakMap<Parameters, Store>();
  stores.set(engine, byParameters);
  const store: Store = byParameters.get(parameters) ?? new Map();
  byParameters.set(parameters, store);
  const known = store.get(key);
  if (known) return known.region;
  const region = engine.regions.allocate(bytes);
  try {
    fill(region.address);
  } catch (error) {
    engine.regions.free(region);
    throw error;
  }
  store.set(key, { region, fill });
  return region;
}

/**
 * Reads the parameters of a store anew into all forms that an engine holds of them, where they are: plans that were made
 * from `training.parameters` compute with the values of the moment that they were made or refreshed.
 */
export function refreshParameters(engine: Engine, parameters: Parameters): void {
  for (const { region, fill } of stores.get(engine)?.get(parameters)?.values() ?? []) fill(region.address);
}

/** Gives back everything that an engine holds of a parameter store. Plans that use it must not run afterwards. */
export function releaseParameters(engine: Engine, parameters: Parameters): void {
  const store = stores.get(engine)?.get(parameters);
  if (!store) return;
  for (const { region } of store.values()) engine.regions.free(region);
  stores.get(engine)!.delete(parameters);
}

/** A parameter as plain float32. */
export function rawParameter(engine: Engine, parameters: Parameters, name: string): Region {
  const elements = elementsOf(parameters.get(name).shape);
  return shared(engine, parameters, `raw ${name}`, elements * 4, (address) =>
    parameters.read(name, engine.memory.f32(address, elements)),
  );
}

/** What follows a linear step is folded into its filters and bias: y = (x·w + b)·s + t = x·(w·s) + (b·s + t). */
function foldAffines(
  step: Step,
  parameters: Parameters,
  channels: number,
): { scale: Float64Array; shift: Float64Array } {
  const scale = new Float64Array(channels).fill(1);
  const biasName = step.node.parameters.bias;
  const shift = biasName === undefined ? new Float64Array(channels) : Float64Array.from(parameters.read(biasName));
  for (const { op, attributes, parameters: names } of step.affines) {
    const read = (role: string) => (names[role] === undefined ? undefined : parameters.read(names[role]));
    const by = op!.affine!(attributes)!(read, channels);
    for (let c = 0; c < channels; c++) {
      scale[c] = scale[c]! * by.scale[c]!;
      shift[c] = shift[c]! * by.scale[c]! + by.shift[c]!;
    }
  }
  return { scale, shift };
}

/** Multiplies values [..., channel, behind] by a factor for each channel. */
function scaleChannels(values: Float32Array, scale: Float64Array, behind: number): void {
  for (let i = 0; i < values.length; )
    for (const factor of scale) for (const end = i + behind; i < end; i++) values[i] = values[i]! * factor;
}

const foldedKey = ({ node, affines }: Step): string =>
  [
    node.parameters.bias ?? '',
    ...affines.map(({ op, attributes, parameters }) => JSON.stringify([op!.name, attributes, parameters])),
  ].join(' ');

/**
 * The filters of a linear step with the affines behind it folded in, in one form; the plain one without `form`.
 */
function filtersAs(
  engine: Engine,
  parameters: Parameters,
  step: Step,
  site: Site,
  name: string,
  form?: WeightForm<object>,
): Region {
  const shape = site.parameters.filters!;
  const elements = elementsOf(shape);
  const key = `${name} ${step.node.parameters.filters} ${formatShape(shape)} ${foldedKey(step)}`;
  const readTo = (address: number): void => {
    const filters = parameters.read(step.node.parameters.filters!, engine.memory.f32(address, elements));
    if (step.affines.length === 0) return;
    const { weights } = step.node.op;
    const { scale } = foldAffines(step, parameters, weights!.channels(site));
    scaleChannels(filters, scale, weights!.behindChannel?.(site) ?? 1);
  };
  if (!form) return shared(engine, parameters, key, elements * 4, readTo);
  return shared(engine, parameters, key, form.packedBytes(site), (address) => {
    const beside = packScratch(form, site);
    engine.borrow(beside + elements * 4, (scratch) => {
      readTo(scratch + beside);
      form.pack(engine.kernels, site, address, scratch + beside, scratch, engine);
    });
  });
}

/** The bias of a linear step, zeros without one, padded with zeros by at least eight floats. */
export function foldedBias(engine: Engine, parameters: Parameters, step: Step, site: Site): Region {
  const channels = step.node.op.weights!.channels(site);
  // Eight more than a kernel's last tile: groups may start anywhere.
  const padded = Math.ceil(channels / 8) * 8 + 8;
  return shared(
    engine,
    parameters,
    `bias ${channels} ${step.node.parameters.filters} ${foldedKey(step)}`,
    padded * 4,
    (address) => {
      const view = engine.memory.f32(address, padded);
      view.fill(0);
      view.set(foldAffines(step, parameters, channels).shift);
    },
  );
}

/** Filters as a plan holds them: in their kernel's form, or plain, to be brought into it at each use. */
export interface HeldFilters {
  readonly address: number;
  readonly bytes: number;
  readonly plain: boolean;
}

/** A form of the filters up to this much larger than the plain ones is always kept. */
const KEEP_FACTOR = 1.5;

/** Holds the filters of a step in `form`, unless it is larger than the plain one and than the bytes left for such forms. */
export function holdFilters(
  engine: Engine,
  parameters: Parameters,
  step: Step,
  site: Site,
  name: string,
  form: WeightForm<object>,
  room: number,
): HeldFilters {
  const bytes = form.packedBytes(site);
  const plain = bytes > elementsOf(site.parameters.filters!) * 4 * KEEP_FACTOR && bytes > room;
  const region = plain
    ? filtersAs(engine, parameters, step, site, 'plain')
    : filtersAs(engine, parameters, step, site, `${step.node.op.name} ${name}`, form);
  return { address: region.address, bytes: region.bytes, plain };
}
