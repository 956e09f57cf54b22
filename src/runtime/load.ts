import type { Kernels } from './generated/abi.ts';
import { binary } from './generated/core.wasm.ts';
import { exportFor } from './relaxed-simd.ts';

/**
 * `reproducible`: the same bits on every engine. `fast`: multiplies and adds in one rounding where the processor does, so
 * bits differ between processors and engines.
 */
export type Precision = 'reproducible' | 'fast';

let compiled: WebAssembly.Module | undefined;

/** The core, compiled at first use, unless `init` gave one. */
export function coreModule(): WebAssembly.Module {
  compiled ??= binary.module();
  return compiled;
}

/** Makes `module` the core of every engine that is made from now on. */
export function provideCore(module: WebAssembly.Module): void {
  compiled = module;
}

/** Instantiates a core over a memory that the host owns. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = Object.keys(exports);
  if (names.every((name) => exportFor(name, exports) === name)) return exports as unknown as Kernels;
  return Object.fromEntries(names.map((name) => [name, exports[exportFor(name, exports)]])) as unknown as Kernels;
}
