/** The most threads that a pool may have. */
export const MOST_THREADS = 64;

/**
 * What the threads of a pool share beside the kernels' memory: one SharedArrayBuffer of i32 words, the text of an error,
 * and the arguments of the calls at hand as f64.
 *
 *   word 0           …                  64 B          320 B         832 B
 *   round pending kernel arity scratch… │ left[thread] │ error, UTF-8 │ call 0: a₀ a₁ …  call 1: a₀ a₁ …
 *
 * The calls of a round are cut into as many runs as there are threads. A thread claims those of its own run, so that in
 * round after round it meets memory that is in its cache, and then those that others have left. It claims one by taking one
 * off `left`, by compare and exchange, and reads what to do afterwards: whoever starts a round writes `left` behind
 * everything else, and writes nothing before `pending` is 0 again.
 */
export const layout = {
  /** Counts rounds, so that threads without work can wait for it to change; below 0 the pool has ended. */
  round: 0,
  /** Calls that are not done, and how many there were. */
  pending: 1,
  calls: 2,
  /** Index of the kernel in the list of exports, and how many arguments a call has. */
  kernel: 3,
  arity: 4,
  /** Position of the argument that is scratch, −1 without one, and its bytes a thread. */
  scratchArgument: 5,
  scratchBytes: 6,
  /** The thread that failed, 0 while none did, and the bytes of its error. */
  failed: 7,
  errorBytes: 8,
  /** Calls that nobody has claimed, of each thread's run. */
  left: 16,
  words: 16 + MOST_THREADS,
  /** Bytes to the error, and its room. */
  error: 320,
  errorRoom: 512,
  /** Bytes to the arguments, and how many there is room for. */
  arguments: 832,
  argumentRoom: 16384,
} as const;

/** The first call of a thread's run. thread.js has the same line. */
export const runStart = (calls: number, thread: number, threads: number): number =>
  Math.floor((calls * thread) / threads);

type Layout = typeof layout;

export const CONTROL_BYTES = layout.arguments + layout.argumentRoom * 8;

/** What a thread is told when it starts. */
export interface ThreadStart {
  readonly modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly layout: Layout;
  /** The exports that are the kernels, by their index. */
  readonly exports: readonly string[];
  /** Its number, from 1 up to below `threads`: the calling thread is 0. */
  readonly thread: number;
  readonly threads: number;
  /** How often it looks for work before it sleeps. */
  readonly spins: number;
}
