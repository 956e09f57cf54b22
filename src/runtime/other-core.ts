import { compile } from '../core/binary.ts';
import { UnsupportedError } from '../core/errors.ts';
import { binary as core } from './generated/core.wasm.ts';
import { binary as learning } from './generated/learning.wasm.ts';
import { moduleOf, type Precision } from './load.ts';
import { hasRelaxedSimd } from './relaxed-simd.ts';
import { overSharedMemory } from './threads/share.ts';

/**
 * Modules that hold every kernel of the package, in any build, fetched with the code that asks for it and compiled.
 * @throws UnsupportedError where the host has no relaxed SIMD and `fast` is asked for
 */
export async function allKernels(precision: Precision, shared: boolean): Promise<readonly WebAssembly.Module[]> {
  if (precision === 'fast' && !hasRelaxedSimd())
    throw new UnsupportedError(
      "engine: precision 'fast' needs relaxed SIMD, which this host lacks (Node has it since 22, Chrome since 114)",
    );
  const binaries = precision === 'fast' ? [(await import('./generated/core.fast.wasm.ts')).binary] : [core, learning];
  return binaries.map((binary) =>
    shared ? compile(overSharedMemory(binary.bytes()) as BufferSource) : moduleOf(binary),
  );
}
