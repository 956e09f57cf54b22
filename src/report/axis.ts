import { log } from '../core/math.ts';

/** One direction of a chart: how its values become places, and where its lines and figures are. */
export interface Axis {
  readonly title: string;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Where a value lies, 0 … 1. */
  readonly place: (value: number) => number;
}

/** A share as a percentage of three digits. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** An axis with even steps from `low` to `high`. */
export function linearAxis(
  title: string,
  low: number,
  high: number,
  steps: number,
  write: (value: number) => string,
): Axis {
  const ticks = Array.from({ length: steps + 1 }, (_, i) => low + ((high - low) * i) / steps);
  return {
    title,
    ticks: ticks.map((at) => ({ at, text: write(at) })),
    place: (value) => (value - low) / (high - low),
  };
}

/** The least of 1, 2, 5, 10, 20, 50 … (and of their tenths, hundredths …) that is at least `step`. */
export function roundStep(step: number): number {
  let [whole, parts] = [1, 1];
  while (whole / parts < step) whole *= 10;
  while (whole / parts / 10 >= step && parts < 1e12) parts *= 10;
  return [10, 5, 2, 1].map((part) => whole / (parts * part)).find((candidate) => candidate >= step) ?? whole / parts;
}

/** An axis with round figures around `low … high`, in about `steps` steps. */
export function roundAxis(title: string, low: number, high: number, steps = 5): Axis {
  const reach = high > low ? high - low : Math.abs(high) || 1;
  const step = roundStep(reach / steps);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((low + reach) / step - 1e-9));
  return linearAxis(title, first * step, last * step, last - first, (value) => String(Number(value.toPrecision(10))));
}

/** An axis of powers of ten from `low` to `high`, which are such; smaller values lie at its start. */
export function powerAxis(title: string, low: number, high: number, write: (value: number) => string): Axis {
  const ticks = [];
  for (let at = low; at < high * 1.5; at *= 10) ticks.push({ at, text: write(at) });
  const reach = log(high / low);
  return { title, ticks, place: (value) => log(Math.max(value, low) / low) / reach };
}
