import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import type { Step } from './fuse.ts';
import type { Site, WeightForm } from './op.ts';
import { foldedBias, type HeldFilters, holdFilters, rawParameter } from './packed.ts';
import type { Parameters } from './parameters.ts';

/** Where a plan finds its parameters: in forms that the plans of an engine share, or, where they change, in its own. */
export class Holdings {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly #own: ReadonlyMap<string, Region> | undefined;
  readonly #held = new Map<number, number>();
  /** Bytes left for filters in forms larger than the plain one. */
  #room: number;

  /** @param own plain float32 values by name, with zeros behind them as a bias has */
  constructor(engine: Engine, parameters: Parameters, room: number, own?: ReadonlyMap<string, Region>) {
    this.engine = engine;
    this.parameters = parameters;
    this.#room = room;
    this.#own = own;
  }

  /** Bytes of all that was asked for, each stretch of memory counted once. */
  get bytes(): number {
    return [...this.#held.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  filters(step: Step, site: Site, name: string, form: WeightForm<object>): HeldFilters {
    const own = this.#own?.get(step.node.parameters.filters!);
    const held = own
      ? { ...own, plain: true }
      : holdFilters(this.engine, this.parameters, step, site, name, form, this.#room);
    if (!held.plain) this.#room -= held.bytes;
    return this.#hold(held);
  }

  bias(step: Step, site: Site): Region {
    const own = this.#own?.get(step.node.parameters.bias ?? '');
    return this.#hold(own ?? foldedBias(this.engine, this.parameters, step, site));
  }

  raw(name: string): Region {
    return this.#hold(this.#own?.get(name) ?? rawParameter(this.engine, this.parameters, name));
  }

  #hold<T extends Region>(region: T): T {
    this.#held.set(region.address, region.bytes);
    return region;
  }
}
