import { InputError } from '../core/errors.ts';
import { constant, type Schedule } from './schedules.ts';

/** What all optimisers take. */
export interface OptimizerOptions {
  readonly learningRate: number | Schedule;
  /** λ, how much of a parameter's value it loses at each update. Default: 0. */
  readonly weightDecay?: number | Schedule;
  /** Which parameters decay, by name: often all but biases and scales. Default: all. */
  readonly decayed?: (parameter: string) => boolean;
}

export interface Rates {
  readonly learningRate: Schedule;
  weightDecay(step: number, parameter: string): number;
}

const scheduleOf = (rate: number | Schedule): Schedule => (typeof rate === 'number' ? constant(rate) : rate);

/** @throws InputError unless numbers among the options are finite and at least 0. */
export function ratesOf(
  optimizer: string,
  { learningRate, weightDecay = 0, decayed = () => true }: OptimizerOptions,
): Rates {
  for (const [name, rate] of Object.entries({ learningRate, weightDecay }))
    if (typeof rate !== 'function') checkRange(optimizer, name, rate, Number.MAX_VALUE);
  const [rate, decay] = [scheduleOf(learningRate), scheduleOf(weightDecay)];
  return {
    learningRate(step) {
      // Plans ask for it before anything changes: the moment to refuse a decay that is none.
      checkRange(optimizer, 'weightDecay', decay(step), Number.MAX_VALUE);
      return rate(step);
    },
    weightDecay: (step, parameter) => (decayed(parameter) ? decay(step) : 0),
  };
}

/** @throws InputError unless `value` is a number from 0 to `most`. */
function checkRange(optimizer: string, name: string, value: number, most: number): void {
  if (!(typeof value === 'number' && value >= 0 && value <= most))
    throw new InputError(`${optimizer}: ${name} must be a number from 0 to ${most}, got ${value}`);
}

/** @throws InputError unless 0 ≤ `value` < 1. */
export function checkShare(optimizer: string, name: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value < 1))
    throw new InputError(`${optimizer}: ${name} must be a number from 0 to below 1, got ${value}`);
}

/** @throws InputError unless ε is finite and above 0. */
export function checkEpsilon(optimizer: string, epsilon: number): void {
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY))
    throw new InputError(`${optimizer}: epsilon must be a finite number above 0, got ${epsilon}`);
}
