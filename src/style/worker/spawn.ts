import { nodeModule } from '../../core/host.ts';
import type { NodeWorkerLike, WorkerLike } from './options.ts';

/** A worker as the client uses it, in whichever host. */
export interface Spawned {
  post(message: unknown): void;
  end(): void;
}

export interface SpawnEvents {
  received(message: unknown): void;
  /** It ended, by itself or because something went wrong. */
  ended(why: string): void;
}

type NodeWorkers = { Worker: new (source: string, options: object) => NodeWorkerLike };

const nodeWorkers = (): NodeWorkers | undefined => nodeModule<NodeWorkers>('node:worker_threads');

/** Whether there are workers here: edge runtimes have none. */
const hasWorkers = (): boolean => nodeWorkers() !== undefined || typeof Worker === 'function';

/** The script of a worker, where there are workers and the build holds one. Loaded late: it is most of the library again. */
export async function workerText(): Promise<string | undefined> {
  return hasWorkers() ? (await import('./source.ts')).workerSource : undefined;
}

/** Where a worker comes from: somebody makes it, or it is made of a script's text. */
export type WorkerOrigin = (() => WorkerLike) | string;

/** Starts a worker. */
export function spawnWorker(origin: WorkerOrigin, events: SpawnEvents): Spawned {
  const { worker, loaded } = typeof origin === 'string' ? fromText(origin) : { worker: origin(), loaded: () => {} };
  const received = (message: unknown): void => {
    loaded();
    events.received(message);
  };
  if ('on' in worker) {
    worker.on('message', received);
    worker.on('error', (error) => events.ended(`${error}`));
    worker.on('exit', (code) => events.ended(`it ended with code ${code}`));
  } else {
    worker.onmessage = ({ data }) => received(data);
    worker.onmessageerror = () => events.ended('it sent what cannot be read');
    worker.onerror = ({ message }) => events.ended(message || 'it could not be loaded');
  }
  return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
}

function fromText(text: string): { worker: WorkerLike; loaded: () => void } {
  const node = nodeWorkers();
  // No flags of the process: a loader in them would be started in the worker.
  if (node) return { worker: new node.Worker(text, { eval: true, execArgv: [] }), loaded: () => {} };
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  return { worker: new Worker(url), loaded: () => URL.revokeObjectURL(url) };
}
