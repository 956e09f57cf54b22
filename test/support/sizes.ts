/** Lengths that end in every way for kernels of 4 and 8 lanes: no trip, one, two and a tail, primes. */
export const lengths = [1, 3, 4, 5, 8, 9, 13, 17] as const;

/** Every combination of one value from each list. */
export function combinations<T extends readonly unknown[]>(...lists: { [K in keyof T]: readonly T[K][] }): T[] {
  return lists.reduce<unknown[][]>(
    (rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  ) as unknown as T[];
}
