// x · 2/π modulo 4 for float32 too large for float64 to subtract multiples of π/2 (M. Payne & R. Hanek, Radian reduction
// for trigonometric functions, SIGNUM Newsletter 18, 1983): x is an integer of 24 bits times a power of two, so that only
// a window of the digits of 2/π matters.

/** The 256 binary digits of 2/π behind the point, 64 at a time (fdlibm, e_rem_pio2.c). */
// @ts-ignore: decorator
@inline
function two_over_pi(word: i32): u64 {
  if (word == 0) return 0xa2f9836e4e441529;
  if (word == 1) return 0xfc2757d1f534ddc0;
  if (word == 2) return 0xdb6295993c439041;
  return 0xfe5163abdebbc561;
}

/** 64 digits of 2/π from the one at `place`, 0 ≤ place < 192. */
function digits(place: i32): u64 {
  const word = place >> 6, shift = <u64>(place & 63);
  const first = two_over_pi(word) << shift;
  return shift == 0 ? first : first | (two_over_pi(word + 1) >> (64 - shift));
}

/** Quarter turns of x, a float32 of at least 2²⁵: modulo 4, in units of 2⁻⁶². */
export function quarter_turns(x: f64): u64 {
  const bits = reinterpret<u64>(x);
  const exponent = <i32>(bits >> 52) - 1023 - 23;
  assert(exponent >= 2 && exponent <= 104);
  const integer = ((bits >> 29) & 0x7fffff) | 0x800000;
  const place = exponent - 2;
  return integer * digits(place) + ((integer * (digits(place + 64) >> 32)) >> 32);
}
