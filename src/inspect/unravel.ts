/** A place counted through all axes, the last fastest, as one number an axis. */
export function unravel(place: number, sizes: readonly number[]): number[] {
  const at: number[] = [];
  let rest = place;
  for (const size of [...sizes].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return at;
}

/** The place of a cell, counted through all axes, the last fastest. */
export const ravel = (at: readonly number[], sizes: readonly number[]): number =>
  at.reduce((place, cell, axis) => place * sizes[axis]! + cell, 0);
