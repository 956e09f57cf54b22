import { compile } from '../core/binary.ts';
import { once } from '../core/once.ts';
import type { Engine } from '../runtime/engine.ts';
import { overSharedMemory } from '../runtime/threads/share.ts';
import type { SignalKernels } from './generated/abi.ts';
import { binary } from './generated/signal.wasm.ts';

const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/** The kernels for sound, over the memory of an engine. */
export const signalKernels = once((engine: Engine): SignalKernels => {
  const { wasm: memory } = engine.memory;
  const module = isShared(memory) ? compile(overSharedMemory(binary.bytes()) as BufferSource) : binary.module();
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as SignalKernels;
});
