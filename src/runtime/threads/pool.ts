import { ThreadError } from '../../core/errors.ts';
import type { Kernels } from '../generated/abi.ts';
import type { ThreadScratch } from '../machine.ts';
import { exportFor } from '../relaxed-simd.ts';
import { CONTROL_BYTES, layout, runStart, type ThreadStart } from './control.ts';
import { processors, spawnThread, type Thread } from './spawn.ts';

export interface PoolOptions {
  /** What holds the kernels, over shared memory. */
  readonly modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  /** The calling thread's instances of them. */
  readonly kernels: Kernels;
  /** Threads, the calling one included. */
  readonly threads: number;
  readonly createWorker?: (() => Worker) | undefined;
  /** Milliseconds without a finished call after which a thread counts as lost. */
  readonly patience?: number;
}

/**
 * Looks at a word before sleeping: some 2 ms, in which a plan's caller reads its results and gives new inputs. A thread that
 * sleeps may be woken on the core of its waker, and then waits until it is moved to another.
 */
const SPINS = 400_000;
/** Far above what any call takes, which is milliseconds, on the slowest and busiest machine. */
const PATIENCE_MS = 20_000;
/** A wait is cut in so many, so that a laptop that slept in one of them does not count as silence. */
const WAITS = 20;

type Call = readonly number[];

/** Threads that run kernels over one memory. The calling thread works too, and comes back when all is done. */
export class Pool {
  /** Threads that run kernels, the calling one included. */
  readonly threads: number;
  readonly #workers: Thread[] = [];
  readonly #kernels: Record<string, (...call: Call) => void>;
  readonly #names: readonly string[];
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #error: Uint8Array;
  readonly #spins: number;
  readonly #wait: number;
  /** Why nothing can run any more. */
  #over: string | undefined;

  private constructor({ kernels, threads, patience = PATIENCE_MS }: PoolOptions, control: SharedArrayBuffer) {
    this.threads = threads;
    this.#kernels = kernels as unknown as Record<string, (...call: Call) => void>;
    this.#names = Object.keys(kernels);
    this.#words = new Int32Array(control, 0, layout.words);
    this.#error = new Uint8Array(control, layout.error, layout.errorRoom);
    this.#numbers = new Float64Array(control, layout.arguments, layout.argumentRoom);
    this.#spins = threads <= processors() ? SPINS : 0;
    this.#wait = patience / WAITS;
  }

  /** @throws ThreadError where a thread does not start; the others are ended. */
  static async start(options: PoolOptions): Promise<Pool> {
    const { modules, memory, kernels, threads, createWorker } = options;
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    const pool = new Pool(options, control);
    const start = (thread: number): Promise<void> =>
      new Promise((ready, reject) => {
        const ended = (why: string): void => {
          pool.#over ??= `thread ${thread} of ${threads} is gone: ${why}`;
          reject(new ThreadError(`engine: ${pool.#over}`));
        };
        const spawned = spawnThread({ ready, ended }, createWorker);
        pool.#workers.push(spawned);
        const exports = pool.#names.map((name) => exportFor(name, kernels));
        const spins = pool.#spins;
        spawned.post({ modules, memory, control, layout, exports, thread, threads, spins } satisfies ThreadStart);
      });
    try {
      await Promise.all(Array.from({ length: threads - 1 }, (_, i) => start(i + 1)));
    } catch (error) {
      pool.close();
      throw error;
    }
    for (const worker of pool.#workers) worker.release();
    return pool;
  }

  /**
   * Runs `kernel` once for each call.
   * @throws ThreadError where a thread failed or is gone, what the kernel threw where the calling thread did
   */
  run(kernel: string, calls: readonly Call[], scratch?: ThreadScratch): void {
    if (this.#over) throw new ThreadError(`engine: ${this.#over}`);
    const most = Math.floor(layout.argumentRoom / (calls[0]?.length ?? 1));
    for (let from = 0; from < calls.length; from += most)
      this.#round(kernel, calls.length <= most ? calls : calls.slice(from, from + most), scratch);
  }

  /** Ends the threads. Nothing runs afterwards. */
  close(): void {
    this.#over ??= 'it is closed';
    Atomics.store(this.#words, layout.round, -1);
    Atomics.notify(this.#words, layout.round);
    for (const worker of this.#workers) worker.end();
  }

  #round(kernel: string, calls: readonly Call[], scratch: ThreadScratch | undefined): void {
    const run = this.#kernels[kernel]!;
    if (calls.length === 1) {
      run(...calls[0]!);
      return;
    }
    this.#publish(this.#names.indexOf(kernel), calls, scratch);
    const words = this.#words;
    try {
      for (let thread = 0; thread < this.threads; thread++)
        for (let left: number; (left = Atomics.load(words, layout.left + thread)) > 0; ) {
          if (Atomics.compareExchange(words, layout.left + thread, left, left - 1) !== left) continue;
          try {
            run(...calls[runStart(calls.length, thread, this.threads) + left - 1]!);
          } finally {
            Atomics.sub(words, layout.pending, 1);
          }
        }
    } finally {
      // Where the calling thread's own call threw, the others are not to start more of them.
      for (let thread = 0; thread < this.threads; thread++)
        Atomics.sub(words, layout.pending, Atomics.exchange(words, layout.left + thread, 0));
      this.#await(kernel);
    }
    const failed = words[layout.failed]!;
    if (failed !== 0) {
      const text = new TextDecoder().decode(this.#error.slice(0, words[layout.errorBytes]));
      throw new ThreadError(`engine: ${kernel} failed in thread ${failed}: ${text}`);
    }
  }

  /** Lays out the calls of a round and wakes the threads. */
  #publish(kernel: number, calls: readonly Call[], scratch: ThreadScratch | undefined): void {
    const { threads } = this;
    const words = this.#words;
    const arity = calls[0]!.length;
    for (const [i, call] of calls.entries()) this.#numbers.set(call, i * arity);
    words[layout.calls] = calls.length;
    words[layout.kernel] = kernel;
    words[layout.arity] = arity;
    words[layout.scratchArgument] = scratch?.argument ?? -1;
    words[layout.scratchBytes] = scratch?.bytes ?? 0;
    words[layout.failed] = 0;
    Atomics.store(words, layout.pending, calls.length);
    for (let thread = 0; thread < threads; thread++) {
      const count = runStart(calls.length, thread + 1, threads) - runStart(calls.length, thread, threads);
      Atomics.store(words, layout.left + thread, count);
    }
    Atomics.store(words, layout.round, (words[layout.round]! + 1) & 0x3fffffff);
    Atomics.notify(words, layout.round);
  }

  /** Waits until no call is left in another thread. */
  #await(kernel: string): void {
    const words = this.#words;
    for (let i = 0; i < this.#spins; i++) if (Atomics.load(words, layout.pending) === 0) return;
    let silent = 0;
    for (let pending: number; (pending = Atomics.load(words, layout.pending)) > 0; ) {
      silent = Atomics.wait(words, layout.pending, pending, this.#wait) === 'timed-out' ? silent + 1 : 0;
      if (silent < WAITS) continue;
      this.#over = `${kernel} did not come back from a thread for ${(this.#wait * WAITS) / 1000} s: it is lost`;
      this.close();
      throw new ThreadError(`engine: ${this.#over}`);
    }
  }
}
