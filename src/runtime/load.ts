import type { Binary } from '../core/binary.ts';
import type { Kernels } from './generated/abi.ts';
import { binary as core } from './generated/core.wasm.ts';
import { exportFor } from './relaxed-simd.ts';

/**
 * `reproducible`: the same bits on every engine. `fast`: multiplies and adds in one rounding where the processor does, so
 * bits differ between processors and engines.
 */
export type Precision = 'reproducible' | 'fast';

/** Modules that `init` gave in place of the package's own, by the names of their files. */
const given = new Map<string, WebAssembly.Module>();

/** A binary, compiled at first use, unless `init` gave one. */
export const moduleOf = (binary: Binary): WebAssembly.Module => given.get(binary.name) ?? binary.module();

/** The kernels that every engine has. */
export const coreModule = (): WebAssembly.Module => moduleOf(core);

/** Makes `module` the binary of that name for every engine that is made from now on. */
export function provide(name: string, module: WebAssembly.Module): void {
  given.set(name, module);
}

/** Instantiates modules over a memory that the host owns: the kernels of all of them. */
export function instantiate(memory: WebAssembly.Memory, ...modules: readonly WebAssembly.Module[]): Kernels {
  const kernels: Record<string, unknown> = {};
  for (const module of modules) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    for (const name of Object.keys(exports)) kernels[name] = exports[exportFor(name, exports)];
  }
  return kernels as unknown as Kernels;
}
