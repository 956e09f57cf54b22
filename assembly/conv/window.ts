// A window that hangs over the border reads only the taps that meet the input: along an axis those from first_tap to
// end_tap − 1, where the window's first cell is `start` (negative in the padding before). Empty where none does.

/** The first tap at or behind cell 0. */
// @ts-ignore: decorator
@inline
export function first_tap(start: i32, dilation: i32, taps: i32): i32 {
  return start < 0 ? min(taps, (dilation - 1 - start) / dilation) : 0;
}

/** One more than the last tap before cell `size`. */
// @ts-ignore: decorator
@inline
export function end_tap(start: i32, dilation: i32, taps: i32, size: i32): i32 {
  return start < size ? min(taps, (size - start + dilation - 1) / dilation) : 0;
}
