import { InputError } from '../core/errors.ts';

const LONGEST = 256;

/**
 * A person's id as it was given, once it is sure to be one: 1 to 256 UTF-16 units, no control characters, no half of a
 * surrogate pair (two such ids would be one in a file). Ids compare exactly.
 * @throws InputError
 */
export function checkedId(who: string, id: unknown): string {
  const got = typeof id === 'string' ? JSON.stringify(id.length > LONGEST ? `${id.slice(0, 20)}…` : id) : String(id);
  if (typeof id !== 'string' || id.length === 0 || id.length > LONGEST)
    throw new InputError(`${who}: an id is a text of 1 to ${LONGEST} characters, got ${got}`);
  if (/[\p{Cc}\p{Cs}]/u.test(id))
    throw new InputError(`${who}: an id has no control characters and no broken surrogate pairs, got ${got}`);
  return id;
}
