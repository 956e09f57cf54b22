import type { Kernels } from './generated/abi.ts';
import type { Memory } from './memory.ts';

/** The argument of a kernel that is scratch, of which every thread has its own. */
export interface ThreadScratch {
  /** Its position among the arguments. */
  readonly argument: number;
  /** Bytes a thread needs: thread t works `t · bytes` behind the address in the call. */
  readonly bytes: number;
}

/** What an op can reach while it runs. */
export interface Machine {
  readonly kernels: Kernels;
  readonly memory: Memory;
  /** How many threads run kernels, the calling one included. */
  readonly threads: number;
  /**
   * Runs a kernel once for each list of arguments, on every thread there is and in any order: no call may read or write
   * what another one writes. Returns when all are done. How work is cut into calls never depends on the threads.
   */
  each<K extends keyof Kernels>(
    kernel: K,
    calls: readonly Readonly<Parameters<Kernels[K]>>[],
    scratch?: ThreadScratch,
  ): void;
}
