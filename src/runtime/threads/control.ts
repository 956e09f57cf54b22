/**
 * What the threads of a pool share beside the kernels' memory: one SharedArrayBuffer of i32 words, the text of an error,
 * and the arguments of the calls at hand as f64.
 *
 *   word 0           …                    64 B          576 B
 *   left pending kernel arity scratch… │  error, UTF-8 │  call 0: a₀ a₁ …  call 1: a₀ a₁ …
 *
 * A thread claims a call by taking one off `left`, by compare and exchange, and reads what to do afterwards: whoever gives
 * out calls writes everything else first and `left` last, and writes nothing before `pending` is 0 again.
 */
export const layout = {
  /** Calls that nobody has claimed; below 0 the pool has ended. */
  left: 0,
  /** Calls that are not done. */
  pending: 1,
  /** Index of the kernel in the list of names, and how many arguments a call has. */
  kernel: 2,
  arity: 3,
  /** Position of the argument that is scratch, −1 without one, and its bytes a thread. */
  scratchArgument: 4,
  scratchBytes: 5,
  /** The thread that failed, 0 while none did, and the bytes of its error. */
  failed: 6,
  errorBytes: 7,
  words: 16,
  /** Bytes to the error, and its room. */
  error: 64,
  errorRoom: 512,
  /** Bytes to the arguments, and how many there is room for. */
  arguments: 576,
  argumentRoom: 16384,
} as const;

type Layout = typeof layout;

export const CONTROL_BYTES = layout.arguments + layout.argumentRoom * 8;

/** What a thread is told when it starts. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly layout: Layout;
  /** The exports that are the kernels, by their index. */
  readonly exports: readonly string[];
  /** Its number, from 1: the calling thread is 0. */
  readonly thread: number;
  /** How often it looks for work before it sleeps. */
  readonly spins: number;
}
