import { ImageError } from '../../core/errors.ts';

/** The one of left, above and above-left nearest to left + above − above-left (PNG 3rd edition, §9.4). */
function paeth(left: number, above: number, corner: number): number {
  const p = left + above - corner;
  const toLeft = Math.abs(p - left);
  const toAbove = Math.abs(p - above);
  const toCorner = Math.abs(p - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/**
 * Undoes a row's filter in place. `row` and `above` start with the byte of the filter's type; the first row of a pass has
 * zeros above it. `pixel`: bytes from a byte to its left neighbour, at least 1.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, pixel: number): void {
  const { length } = row;
  switch (row[0]) {
    case 0:
      return;
    case 1:
      for (let i = pixel + 1; i < length; i++) row[i]! += row[i - pixel]!;
      return;
    case 2:
      for (let i = 1; i < length; i++) row[i]! += above[i]!;
      return;
    case 3:
      for (let i = 1; i < length; i++) row[i]! += ((i > pixel ? row[i - pixel]! : 0) + above[i]!) >> 1;
      return;
    case 4:
      for (let i = 1; i <= pixel && i < length; i++) row[i]! += above[i]!;
      for (let i = pixel + 1; i < length; i++) row[i]! += paeth(row[i - pixel]!, above[i]!, above[i - pixel]!);
      return;
    default:
      throw new ImageError(`png: expected a row filter of 0 to 4, got ${row[0]}`);
  }
}

/** What a filter leaves of byte `i`; `pixel` and the leading byte as in `unfilter`. */
function residue(type: number, row: Uint8Array, above: Uint8Array, i: number, pixel: number): number {
  const left = i > pixel ? row[i - pixel]! : 0;
  const corner = i > pixel ? above[i - pixel]! : 0;
  switch (type) {
    case 1:
      return row[i]! - left;
    case 2:
      return row[i]! - above[i]!;
    case 3:
      return row[i]! - ((left + above[i]!) >> 1);
    case 4:
      return row[i]! - paeth(left, above[i]!, corner);
    default:
      return row[i]!;
  }
}

/**
 * Filters a row into `out` by the type with the least sum of absolute residues, the encoder's usual rule
 * (PNG 3rd edition, §12.7).
 */
export function filterInto(out: Uint8Array, row: Uint8Array, above: Uint8Array, pixel: number): void {
  let best = Infinity;
  const trial = new Uint8Array(row.length);
  for (let type = 0; type <= 4; type++) {
    let sum = 0;
    trial[0] = type;
    for (let i = 1; i < row.length && sum < best; i++) {
      const byte = residue(type, row, above, i, pixel) & 0xff;
      trial[i] = byte;
      sum += byte < 128 ? byte : 256 - byte;
    }
    if (sum < best) {
      best = sum;
      out.set(trial);
    }
  }
}
