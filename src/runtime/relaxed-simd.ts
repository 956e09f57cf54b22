/** A module of one function: f32x4.relaxed_madd of three vectors of zeros. */
const PROBE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 2, 0x0b],
]);

/** Whether this host has relaxed SIMD, which `precision: 'fast'` is made of. */
export const hasRelaxedSimd = (): boolean => WebAssembly.validate(PROBE);
