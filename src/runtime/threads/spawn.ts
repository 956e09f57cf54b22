import { nodeModule } from '../../core/host.ts';
import { threadSource } from '../generated/thread.ts';

/** A worker as a pool uses it, in whichever host. */
export interface Thread {
  post(message: unknown): void;
  /** Lets the process end while the thread lives. */
  release(): void;
  end(): void;
}

export interface ThreadEvents {
  ready(): void;
  /** It ended, by itself or because something went wrong. */
  ended(why: string): void;
}

/** The worker of `node:worker_threads`, of which Node, Deno and Bun have one. */
interface NodeWorker {
  postMessage(message: unknown): void;
  unref(): void;
  terminate(): Promise<number>;
  on(event: 'message', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
}
type NodeWorkers = { Worker: new (source: string, options: object) => NodeWorker };

const nodeWorkers = (): NodeWorkers | undefined => nodeModule<NodeWorkers>('node:worker_threads');

/** Whether threads over one memory exist here: browsers have them on isolated pages, edge runtimes do not. */
export const hasThreads = (): boolean =>
  typeof SharedArrayBuffer === 'function' && (nodeWorkers() !== undefined || typeof Worker === 'function');

/** Processors there are, as far as the host tells. */
export const processors = (): number =>
  nodeModule<typeof import('node:os')>('node:os')?.availableParallelism() ??
  globalThis.navigator?.hardwareConcurrency ??
  1;

/** Starts a worker that waits to be told what to do; `createWorker` makes it where a page may not make one from a text. */
export function spawnThread(events: ThreadEvents, createWorker?: () => Worker): Thread {
  const node = createWorker ? undefined : nodeWorkers();
  return node ? spawnInNode(node, events) : spawnInBrowser(events, createWorker);
}

function spawnInNode({ Worker }: NodeWorkers, { ready, ended }: ThreadEvents): Thread {
  // No flags of the process: a loader in them would be started in every thread.
  const worker = new Worker(threadSource, { eval: true, execArgv: [] });
  worker.on('message', ready);
  worker.on('error', (error) => ended(`${error}`));
  worker.on('exit', (code) => ended(`it ended with code ${code}`));
  return {
    post: (message) => worker.postMessage(message),
    release: () => worker.unref(),
    end: () => void worker.terminate(),
  };
}

function spawnInBrowser({ ready, ended }: ThreadEvents, createWorker?: () => Worker): Thread {
  const url = createWorker ? '' : URL.createObjectURL(new Blob([threadSource], { type: 'text/javascript' }));
  const worker = createWorker?.() ?? new Worker(url);
  worker.onmessage = () => {
    URL.revokeObjectURL(url);
    ready();
  };
  worker.onmessageerror = () => ended('it could not read its start');
  worker.onerror = ({ message }) => ended(message || 'it could not be loaded');
  return { post: (message) => worker.postMessage(message), release: () => {}, end: () => worker.terminate() };
}
