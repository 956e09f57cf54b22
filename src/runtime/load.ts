import { decodeBase64 } from '../core/base64.ts';
import type { Kernels } from './generated/abi.ts';
import { coreBase64 } from './generated/binary.ts';

let compiled: WebAssembly.Module | undefined;

/** The core, compiled at first use: a few milliseconds, synchronous, no fetch. */
export function coreModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(decodeBase64(coreBase64) as BufferSource);
  return compiled;
}

/** Instantiates a core over a memory that the host owns. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
