import { embeddedBytes } from '../core/embedded.ts';
import type { Kernels } from './generated/abi.ts';
import { coreText } from './generated/binary.ts';
import { exportFor } from './relaxed-simd.ts';

/**
 * `reproducible`: the same bits on every engine. `fast`: multiplies and adds in one rounding where the processor does, so
 * bits differ between processors and engines.
 */
export type Precision = 'reproducible' | 'fast';

let compiled: WebAssembly.Module | undefined;

/** The core, compiled at first use: a few milliseconds, synchronous, no fetch. */
export function coreModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(embeddedBytes(coreText) as BufferSource);
  return compiled;
}

/** Instantiates a core over a memory that the host owns. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports);
  if (names.every((name) => exportFor(name, exports) === name)) return exports as unknown as Kernels;
  return Object.fromEntries(names.map((name) => [name, exports[exportFor(name, exports)]])) as unknown as Kernels;
}
