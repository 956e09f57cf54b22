import { InputError, OutOfMemoryError, UnsupportedError } from '../core/errors.ts';
import { type AsyncEngineOptions, Engine, largest, PAGE } from './engine.ts';
import { instantiate } from './load.ts';
import { allKernels } from './other-core.ts';
import { MOST_THREADS } from './threads/control.ts';
import { mayWait } from './threads/may-wait.ts';
import { Pool } from './threads/pool.ts';
import { hasThreads } from './threads/spawn.ts';

/** Starts an engine with threads, or on another build of the core. */
export async function startEngine(options: AsyncEngineOptions): Promise<Engine> {
  const { threads = 1, precision = 'reproducible', module } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new InputError(`engine: threads must be a whole number from 1 to ${MOST_THREADS}, got ${threads}`);
  if (precision !== 'reproducible' && precision !== 'fast')
    throw new InputError(`engine: precision must be 'reproducible' or 'fast', got ${JSON.stringify(precision)}`);
  if (module && precision === 'fast')
    throw new InputError("engine: `module` is a core already, precision: 'fast' would choose another one");
  if (threads > 1 && !mayWait())
    throw new UnsupportedError(
      "engine: a page's main thread may not wait for threads; use `facsimile/worker`, which runs the engine in a worker",
    );
  if (module) return new Engine(options);
  const shared = threads > 1 && hasThreads();
  const modules = await allKernels(precision, shared);
  const memory = shared ? sharedMemory(largest(options)) : new WebAssembly.Memory({ initial: 1 });
  const kernels = instantiate(memory, ...modules);
  const { createWorker } = options;
  const pool = shared ? await Pool.start({ modules, memory, kernels, threads, createWorker }) : undefined;
  return new Engine(options, { kernels, memory, precision, whole: true, ...(pool && { pool }) });
}

/** Shared memory reserves its largest size in the address space at once. */
function sharedMemory(maxBytes: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: Math.max(1, Math.floor(maxBytes / PAGE)), shared: true });
  } catch {
    throw new OutOfMemoryError(`engine: the host does not reserve ${maxBytes} bytes to share; pass a smaller maxBytes`);
  }
}
