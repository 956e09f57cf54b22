/** Iterations over which the fall of J is looked at: those of Adam go up and down. */
const WINDOW = 10;

/** How many values of J are kept for that. */
export const RECENT = WINDOW + 1;

/** Whether J fell by less than a share of itself an iteration, over the last ten. @param recent J, oldest first */
export function hasSettled(recent: readonly number[], tolerance: number): boolean {
  if (recent.length < RECENT || tolerance === 0) return false;
  const [first, last] = [recent.at(-RECENT)!, recent.at(-1)!];
  return first - last < tolerance * WINDOW * Math.abs(last);
}
