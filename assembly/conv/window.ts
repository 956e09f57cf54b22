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

// The other way round, for one tap: the outputs whose cell of it lies inside the input are those from first_output to
// end_output − 1, where output 0 reads cell `start`.

/** The first output at or behind cell 0. */
// @ts-ignore: decorator
@inline
export function first_output(start: i32, stride: i32, outputs: i32): i32 {
  return start < 0 ? min(outputs, (stride - 1 - start) / stride) : 0;
}

/** One more than the last output before cell `size`. */
// @ts-ignore: decorator
@inline
export function end_output(start: i32, stride: i32, outputs: i32, size: i32): i32 {
  return start < size ? min(outputs, (size - 1 - start) / stride + 1) : 0;
}
