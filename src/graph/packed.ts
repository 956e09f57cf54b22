import { formatShape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import type { Step } from './fuse.ts';
import { PACK_SCRATCH, type Site } from './op.ts';
import type { Parameters } from './parameters.ts';

/** Filters and bias of a linear step as its kernel reads them. */
export interface PackedWeights {
  readonly filters: Region;
  readonly bias: Region;
}

type Store = Map<string, Region>;
const stores = new WeakMap<Engine, WeakMap<Parameters, Store>>();

/** Parameter forms that an engine holds, shared by all of its plans: made once for each (parameter, form). */
function shared(
  engine: Engine,
  parameters: Parameters,
  key: string,
  bytes: number,
  fill: (address: number) => void,
): Region {
  const byParameters = stores.get(engine) ?? new WeakMap<Parameters, Store>();
  stores.set(engine, byParameters);
  const store: Store = byParameters.get(parameters) ?? new Map();
  byParameters.set(parameters, store);
  const known = store.get(key);
  if (known) return known;
  const region = engine.regions.allocate(bytes);
  try {
    fill(region.address);
  } catch (error) {
    engine.regions.free(region);
    throw error;
  }
  store.set(key, region);
  return region;
}

/** Gives back everything that an engine holds of a parameter store. Plans that use it must not run afterwards. */
export function releaseParameters(engine: Engine, parameters: Parameters): void {
  const store = stores.get(engine)?.get(parameters);
  if (!store) return;
  for (const region of store.values()) engine.regions.free(region);
  stores.get(engine)!.delete(parameters);
}

/** A parameter as plain float32. */
export function rawParameter(engine: Engine, parameters: Parameters, name: string): Region {
  const values = parameters.read(name);
  return shared(engine, parameters, `raw ${name}`, values.byteLength, (address) =>
    engine.memory.f32(address, values.length).set(values),
  );
}

/** Affine nodes y = s·x + t behind a linear op, as one factor and one shift for each channel. */
function foldAffines(
  step: Step,
  parameters: Parameters,
  channels: number,
): { scale: Float32Array; shift: Float32Array } {
  const scale = new Float32Array(channels).fill(1);
  const biasName = step.node.parameters.bias;
  const shift = biasName === undefined ? new Float32Array(channels) : parameters.read(biasName);
  for (const affine of step.affines) {
    const s = parameters.read(affine.parameters.scale!);
    const t = parameters.read(affine.parameters.shift!);
    for (let c = 0; c < channels; c++) {
      scale[c] = scale[c]! * s[c]!;
      shift[c] = shift[c]! * s[c]! + t[c]!;
    }
  }
  return { scale, shift };
}

/**
 * Folds the affines behind a linear step into its filters (whose last axis is the output channel, or the whole of it for
 * depthwise filters) and packs both: w' = w·s, b' = b·s + t.
 */
export function packWeights(
  engine: Engine,
  parameters: Parameters,
  step: Step,
  site: Site,
  form: string,
): PackedWeights {
  const weights = step.node.op.weights!;
  const filtersName = step.node.parameters.filters!;
  const channels = weights.channels(site);
  const folded = step.affines.map((node) => `${node.parameters.scale}·${node.parameters.shift}`).join(' ');
  const key = `${form} ${filtersName} ${step.node.parameters.bias ?? ''} ${folded} ${formatShape(site.parameters.filters!)}`;
  let made: { scale: Float32Array; shift: Float32Array } | undefined;
  const fold = () => (made ??= foldAffines(step, parameters, channels));

  const packed = shared(
    engine,
    parameters,
    `filters ${key}`,
    form === 'plain' ? parameters.read(filtersName).byteLength : weights.packedBytes(site),
    (address) => {
      const filters = parameters.read(filtersName);
      if (step.affines.length > 0) {
        const { scale } = fold();
        for (let i = 0; i < filters.length; i++) filters[i] = filters[i]! * scale[i % channels]!;
      }
      if (form === 'plain') {
        engine.memory.f32(address, filters.length).set(filters);
        return;
      }
      engine.borrow(filters.byteLength + PACK_SCRATCH, (scratch) => {
        const plain = scratch + PACK_SCRATCH;
        engine.memory.f32(plain, filters.length).set(filters);
        weights.pack(engine.kernels, site, address, plain, scratch);
      });
    },
  );
  const padded = Math.ceil(channels / 8) * 8;
  const bias = shared(engine, parameters, `bias ${key}`, padded * 4, (address) => {
    const view = engine.memory.f32(address, padded);
    view.fill(0);
    view.set(fold().shift);
  });
  return { filters: packed, bias };
}
