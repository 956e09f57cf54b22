import { InputError } from '../../../core/errors.ts';
import type { Memory } from '../../../runtime/memory.ts';

/** Above it, float32 does not hold every whole number. */
const EXACT = 2 ** 24;

/**
 * Checks data that an op decides by: a plan cannot, for it comes with each run.
 * @throws InputError naming the first value that is not a whole number from `least` to `most`.
 */
export function checkWholeNumbers(
  who: string,
  memory: Memory,
  address: number,
  count: number,
  least = -EXACT,
  most = EXACT,
): void {
  const values = memory.f32(address, count);
  const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= least && value <= most));
  if (wrong >= 0)
    throw new InputError(
      `${who} must be whole numbers from ${least} to ${most}, number ${wrong} of ${count} is ${values[wrong]}`,
    );
}
