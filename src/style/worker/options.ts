/** A worker of `node:worker_threads`, as far as it is used. */
export interface NodeWorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): unknown;
}

/** A worker of a browser, or of Node. */
export type WorkerLike = Worker | NodeWorkerLike;

/** Makes the worker that paints. */
export interface WorkerOptions {
  /** Makes a worker that runs `facsimile/style-worker.js`, or a script of one's own that calls `serveStylize`. */
  readonly createWorker?: () => WorkerLike;
  /** How many threads run kernels, in the worker and beside it. Default: 1. */
  readonly threads?: number;
}
