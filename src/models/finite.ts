import { InputError } from '../core/errors.ts';

/** @throws InputError where a network's output holds NaN or an infinity, from which nothing may be concluded. */
export function requireFinite(who: string, values: Float32Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new InputError(
      `${who}: the network's output is not finite, value ${at} of ${values.length} is ${values[at]}`,
    );
}
