// How work is cut for threads. It depends on the shapes alone, so that a kernel gets the same arguments whatever the
// number of threads is.

/** Multiply-accumulates below which waking a thread costs more than it brings: some 100 µs. */
const WORTH_SHARING = 2 ** 21;
/** Enough for a few threads to end at about the same time: 2, 3, 4, 6 and 12 share it evenly. */
const PIECES = 12;

/** Into how many pieces at least a pass of so many multiply-accumulates is cut. */
export const piecesFor = (macs: number): number => (macs < WORTH_SHARING ? 1 : PIECES);

/** A piece of some 200 µs. */
const FINE = 2 ** 22;

/** The same where a piece costs nothing of its own: large passes are cut finer, so that nobody waits long for a late thread. */
export const finePiecesFor = (macs: number): number =>
  piecesFor(macs) === 1 ? 1 : PIECES * Math.min(4, Math.max(1, Math.floor(macs / (PIECES * FINE))));

/** The ranges [from, count] of `size` things cut into at most `pieces` of a multiple of `step` each. */
export function ranges(size: number, pieces: number, step = 1): [from: number, count: number][] {
  const each = Math.ceil(size / pieces / step) * step;
  return Array.from({ length: Math.ceil(size / each) }, (_, i) => [i * each, Math.min(each, size - i * each)]);
}
