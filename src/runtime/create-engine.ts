import { Engine, type EngineOptions } from './engine.ts';
import type { Precision } from './load.ts';

/** An engine that takes a moment to start: it has threads, or another build of the core. */
export interface AsyncEngineOptions extends EngineOptions {
  /**
   * How many threads run kernels, the calling one included. Results are the same bits for any number. Where the host has
   * no threads over shared memory (edge runtimes, pages that are not cross-origin isolated) the engine has one.
   */
  readonly threads?: number;
  /** `fast` is not bit-identical across hosts. Default: `reproducible`. */
  readonly precision?: Precision;
  /** Makes a worker that runs `facsimile/thread.js`, for pages whose policy forbids workers from `blob:`. */
  readonly createWorker?: () => Worker;
}

/**
 * A separate engine with its own memory. With `threads` or a `precision` it takes a moment to start, and comes as a promise.
 * @throws InputError where the options contradict each other, UnsupportedError where the host lacks what they need
 * @example
 * const engine = await createEngine({ threads: 4 });
 * plan(graph, { parameters, inputs, engine }).run({ x }); // the same bits as on one thread
 * engine.close();
 */
export function createEngine(
  options?: EngineOptions & { readonly threads?: undefined; readonly precision?: undefined },
): Engine;
export function createEngine(options: AsyncEngineOptions): Promise<Engine>;
export function createEngine(options: AsyncEngineOptions | EngineOptions = {}): Engine | Promise<Engine> {
  const { threads, precision }: AsyncEngineOptions = options;
  return threads === undefined && precision === undefined
    ? new Engine(options)
    : import('./start-engine.ts').then(({ startEngine }) => startEngine(options));
}
