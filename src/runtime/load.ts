import { UnsupportedError } from '../core/errors.ts';
import { decodeHex } from '../core/hex.ts';
import type { Kernels } from './generated/abi.ts';
import { coreHex } from './generated/binary.ts';
import { exportFor, hasRelaxedSimd } from './relaxed-simd.ts';
import { overSharedMemory } from './threads/share.ts';

/**
 * `reproducible`: the same bits on every engine. `fast`: multiplies and adds in one rounding where the processor does, so
 * bits differ between processors and engines.
 */
export type Precision = 'reproducible' | 'fast';

let compiled: WebAssembly.Module | undefined;

/** The core, compiled at first use: a few milliseconds, synchronous, no fetch. */
export function coreModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(decodeHex(coreHex) as BufferSource);
  return compiled;
}

/**
 * Any other build of the core, fetched with the code that asks for it and compiled.
 * @throws UnsupportedError where the host has no relaxed SIMD and `fast` is asked for
 */
export async function otherCore(precision: Precision, shared: boolean): Promise<WebAssembly.Module> {
  if (precision === 'fast' && !hasRelaxedSimd())
    throw new UnsupportedError(
      "engine: precision 'fast' needs relaxed SIMD, which this host lacks (Node has it since 22, Chrome since 114)",
    );
  const hex = precision === 'fast' ? (await import('./generated/fast.ts')).fastHex : coreHex;
  const bytes = decodeHex(hex);
  return new WebAssembly.Module((shared ? overSharedMemory(bytes) : bytes) as BufferSource);
}

/** Instantiates a core over a memory that the host owns. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports);
  if (names.every((name) => exportFor(name, exports) === name)) return exports as unknown as Kernels;
  return Object.fromEntries(names.map((name) => [name, exports[exportFor(name, exports)]])) as unknown as Kernels;
}
