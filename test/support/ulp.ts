const view = new DataView(new ArrayBuffer(4));

/** The float32 with these bits. */
export function floatOfBits(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/**
 * Distance of a float32 from an exact value, in units in the last place of that value; subnormal values have the unit
 * 2⁻¹⁴⁹. Infinity counts as the float32 after the largest, and NaN only equals NaN.
 */
export function ulpError(actual: number, exact: number): number {
  if (Number.isNaN(actual) || Number.isNaN(exact)) return Object.is(actual, exact) ? 0 : Number.POSITIVE_INFINITY;
  const [a, b] = [actual, exact].map((value) => Math.min(Math.max(value, -(2 ** 128)), 2 ** 128)) as [number, number];
  const magnitude = Math.min(Math.max(Math.abs(b), 2 ** -126), 2 ** 128 * (1 - 2 ** -24));
  return Math.abs(a - b) / 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}
