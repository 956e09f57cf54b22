import { type AsyncEngineOptions, Engine, type EngineOptions } from './engine.ts';

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
