/** A worker of a browser, or of `node:worker_threads`. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
  on?(event: 'message' | 'error' | 'exit', listener: (value: never) => void): unknown;
  onmessage?: ((event: { data: unknown }) => void) | null;
  onmessageerror?: (() => void) | null;
  onerror?: ((event: { message: string }) => void) | null;
}

/** Makes the worker that paints. */
export interface WorkerOptions {
  /** Makes a worker that runs `facsimile/style-worker.js`, or a script of one's own that calls `serveStylize`. */
  readonly createWorker?: () => WorkerLike;
  /** How many threads run kernels, in the worker and beside it. Default: 1. */
  readonly threads?: number;
}
