import { add_to } from '../simd/accumulate';

/**
 * x[outer][size][inner] with `before` and `after` cells of `inner` floats around each of its rows: zeros, or where
 * `reflect`, the row mirrored at its first and last cell (which are not repeated): c b | a b c d | c b.
 */
export function f32_pad(
  out: usize, x: usize, outer: i32, size: i32, inner: i32, before: i32, after: i32, reflect: bool,
): void {
  assert(outer >= 0 && size > 0 && inner > 0 && before >= 0 && after >= 0);
  assert(!reflect || (before < size && after < size));
  const cell = <usize>inner << 2, row = <usize>size * cell;
  for (let i = 0; i < outer; i++) {
    if (reflect) {
      for (let k = before; k > 0; k--) out = copy(out, x + <usize>k * cell, cell);
      out = copy(out, x, row);
      for (let k = 1; k <= after; k++) out = copy(out, x + row - <usize>(k + 1) * cell, cell);
    } else {
      out = clear(out, <usize>before * cell);
      out = copy(out, x, row);
      out = clear(out, <usize>after * cell);
    }
    x += row;
  }
}

/** The transpose of f32_pad: what lies around a row is dropped, or where `reflect`, added to the cells it mirrors. */
export function f32_pad_gradient(
  dx: usize, gradient: usize, outer: i32, size: i32, inner: i32, before: i32, after: i32, reflect: bool,
): void {
  assert(outer >= 0 && size > 0 && inner > 0 && before >= 0 && after >= 0);
  assert(!reflect || (before < size && after < size));
  const cell = <usize>inner << 2, row = <usize>size * cell;
  for (let i = 0; i < outer; i++) {
    const middle = gradient + <usize>before * cell;
    copy(dx, middle, row);
    if (reflect) {
      for (let k = 1; k <= before; k++) add_to(dx + <usize>k * cell, middle - <usize>k * cell, inner);
      const last = row - cell;
      for (let k = 1; k <= after; k++) add_to(dx + last - <usize>k * cell, middle + last + <usize>k * cell, inner);
    }
    dx += row;
    gradient = middle + row + <usize>after * cell;
  }
}

/** Copies `bytes` and returns where they end. */
function copy(out: usize, x: usize, bytes: usize): usize {
  memory.copy(out, x, bytes);
  return out + bytes;
}

/** Clears `bytes` and returns where they end. */
function clear(out: usize, bytes: usize): usize {
  if (bytes > 0) memory.fill(out, 0, bytes);
  return out + bytes;
}
