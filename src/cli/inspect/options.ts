import { InvalidArgumentError } from 'commander';
import type { Units } from '../../inspect/top-activations.ts';

/** Names from the command line: "conv1,conv2". */
export function parseLayers(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('It must be names of layers, such as conv1,conv2.');
  return [...new Set(names)];
}

const MOST_UNITS = 100_000;

/** Units from the command line: "all", "17", "0-15,20". */
export function parseUnits(text: string): Units {
  if (text.trim() === 'all') return 'all';
  const units = text.split(',').flatMap((part) => {
    const [, first, last] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last ?? first)];
    if (!(from <= to && to < MOST_UNITS))
      throw new InvalidArgumentError('It must be all, or numbers and ranges of units from 0, such as 0-15,20.');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(units)];
}

/** Some of a network's layers from shallow to deep, evenly spread, the first and the last among them. */
export function spread(layers: readonly string[], most: number): string[] {
  const count = Math.min(most, layers.length);
  return Array.from({ length: count }, (_, i) => layers[Math.round((i * (layers.length - 1)) / (count - 1 || 1))]!);
}
