import { direction } from '../core/angle.ts';

/** A number for each update, counted from 0, such as the learning rate. The same bits on every engine. */
export type Schedule = (step: number) => number;

/** The same rate for every update. */
export const constant =
  (rate: number): Schedule =>
  () =>
    rate;

/** `rate`, multiplied by `factor` at each of the updates in `at`: `steps(0.1, { at: [1000, 2000], factor: 0.1 })`. */
export const steps =
  (rate: number, { at, factor }: { readonly at: readonly number[]; readonly factor: number }): Schedule =>
  (step) =>
    at.reduce((value, when) => (step >= when ? value * factor : value), rate);

/**
 * From `rate` to `floor` along half a wave of the cosine in so many updates, and `floor` from then on (Loshchilov & Hutter
 * 2017, without restarts): floor + (rate − floor) · ½ · (1 + cos(π · step / steps)).
 * @param options.floor Default: 0
 */
export const cosine =
  (rate: number, options: { readonly steps: number; readonly floor?: number }): Schedule =>
  (step) => {
    const { floor = 0 } = options;
    if (step >= options.steps) return floor;
    return floor + (rate - floor) * 0.5 * (1 + direction((180 * step) / options.steps).cos);
  };

/** Grows linearly over the first updates, 1/n, 2/n, … of the schedule's own rate, which comes in full from update n − 1 on. */
export const warmUp =
  (schedule: Schedule, updates: number): Schedule =>
  (step) =>
    schedule(step) * Math.min(1, (step + 1) / updates);
