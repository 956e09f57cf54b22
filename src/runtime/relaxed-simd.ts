/** A module of one function: f32x4.relaxed_madd of three vectors of zeros. */
const PROBE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 2, 0x0b],
]);

/** Whether this host has relaxed SIMD, which `precision: 'fast'` is made of. */
export const hasRelaxedSimd = (): boolean => WebAssembly.validate(PROBE);

/** Kernels that the fast build also has with the 6 × 8 micro-kernel (assembly/fast.ts). */
const SIX_ROWS: Readonly<Record<string, string>> = {
  f32_gemm_4x8: 'f32_gemm_6x8',
  f32_winograd_conv2d: 'f32_winograd_conv2d_6x8',
  f32_winograd_multiply: 'f32_winograd_multiply_6x8',
};

/**
 * V8 13 keeps the twelve sums of the 6 × 8 micro-kernel in registers: 7 % faster than eight. V8 12 loads everything first
 * and spills: 1.8 times slower. What came with V8 13 tells them apart in every host.
 */
const keepsTwelveSums = (): boolean => 'Float16Array' in globalThis;

/** The export of a core that serves as the kernel `name` here. */
export function exportFor(name: string, exports: object): string {
  const six = SIX_ROWS[name];
  return six !== undefined && six in exports && keepsTwelveSums() ? six : name;
}
