import { InputError } from '../../core/errors.ts';
import type { KerasLayer } from './tfjs-topology.ts';

/** Sizes of one example; null where any will do. */
export type LayersShape = readonly (number | null)[];

/** Reads the options of a layer. @throws InputError naming the layer and the option. */
export class KerasConfig {
  readonly layer: KerasLayer;
  /** Spatial axes that the model has and the graph drops: 1 where its last one is one cell wide throughout, else 0. */
  readonly dropped: 0 | 1;

  constructor(layer: KerasLayer, dropped: 0 | 1) {
    this.layer = layer;
    this.dropped = dropped;
  }

  refuse(what: string): never {
    throw new InputError(`tfjs layers: layer "${this.layer.name}" (${this.layer.kind}): ${what}`);
  }

  #value(key: string, fallback: unknown): unknown {
    return this.layer.config[key] ?? fallback;
  }

  number(key: string, fallback?: number): number {
    const value = this.#value(key, fallback);
    if (typeof value !== 'number' || !Number.isFinite(value))
      this.refuse(`${key} must be a number, got ${JSON.stringify(value)}`);
    return value as number;
  }

  text(key: string, fallback: string): string {
    const value = this.#value(key, fallback);
    if (typeof value !== 'string') this.refuse(`${key} must be a text, got ${JSON.stringify(value)}`);
    return value as string;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#value(key, fallback);
    if (typeof value !== 'boolean') this.refuse(`${key} must be true or false, got ${JSON.stringify(value)}`);
    return value as boolean;
  }

  /** A whole number for each spatial axis, given as one for all or as a list. */
  sizes(key: string, rank: number, fallback: number | readonly number[]): number[] {
    const value = this.#value(key, fallback);
    const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
    if (!Array.isArray(list) || list.length !== rank || !list.every((size) => Number.isInteger(size) && size >= 1))
      this.refuse(`${key} must be ${rank} whole numbers of at least 1, got ${JSON.stringify(value)}`);
    return this.spatial(key, list as number[], 1);
  }

  /** Leaves out an axis that the graph drops. */
  spatial<T>(key: string, list: readonly T[], trivial: T): T[] {
    const dropped = list.slice(list.length - this.dropped);
    if (dropped.some((value) => JSON.stringify(value) !== JSON.stringify(trivial)))
      this.refuse(`${key} of the axis that is dropped must be ${JSON.stringify(trivial)}, got ${JSON.stringify(list)}`);
    return list.slice(0, list.length - this.dropped);
  }

  /** @throws InputError where channels come first. */
  requireChannelsLast(): void {
    const format = this.text('data_format', 'channels_last');
    if (format !== 'channels_last') this.refuse(`data_format must be channels_last, got ${format}`);
  }

  /** Shape of one example that goes in. */
  inputShape(): LayersShape {
    const given = this.layer.config.batch_input_shape ?? this.layer.config.batch_shape;
    const sizes = Array.isArray(given) ? given.slice(1) : [];
    if (sizes.length === 0 || !sizes.every((size) => size === null || (Number.isInteger(size) && size >= 1)))
      this.refuse(`batch_input_shape must be [null, sizes…], got ${JSON.stringify(given)}`);
    return sizes;
  }

  /** What a Reshape brings its input to: sizes, or −1 alone for a list. */
  targetShape(): readonly number[] {
    const { target_shape: given } = this.layer.config;
    const fits = (size: unknown): boolean => Number.isInteger(size) && (size as number) >= 1;
    const isList = Array.isArray(given) && given.length === 1 && given[0] === -1;
    if (!isList && !(Array.isArray(given) && given.length > 0 && given.every(fits)))
      this.refuse(`target_shape must be whole numbers of at least 1, or [-1], got ${JSON.stringify(given)}`);
    return given as number[];
  }

  /** Leaves out the axis in front of the channels where the graph drops it. */
  dropLast(sizes: LayersShape): LayersShape {
    if (!this.dropped || sizes.length < 3) return sizes;
    return [...this.spatial<number | null>('shape', sizes.slice(0, -1), 1), sizes.at(-1)!];
  }
}
