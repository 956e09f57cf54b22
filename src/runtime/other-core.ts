import { compile } from '../core/binary.ts';
import { UnsupportedError } from '../core/errors.ts';
import { binary as reproducible } from './generated/core.wasm.ts';
import type { Precision } from './load.ts';
import { hasRelaxedSimd } from './relaxed-simd.ts';
import { overSharedMemory } from './threads/share.ts';

/**
 * Any other build of the core, fetched with the code that asks for it and compiled.
 * @throws UnsupportedError where the host has no relaxed SIMD and `fast` is asked for
 */
export async function otherCore(precision: Precision, shared: boolean): Promise<WebAssembly.Module> {
  if (precision === 'fast' && !hasRelaxedSimd())
    throw new UnsupportedError(
      "engine: precision 'fast' needs relaxed SIMD, which this host lacks (Node has it since 22, Chrome since 114)",
    );
  const { binary } = precision === 'fast' ? await import('./generated/core.fast.wasm.ts') : { binary: reproducible };
  return shared ? compile(overSharedMemory(binary.bytes()) as BufferSource) : binary.module();
}
