import { UnsupportedError } from '../../core/errors.ts';
import { nodeModule } from '../../core/host.ts';

/** One end of a line between a worker and who started it. */
export interface Port {
  post(message: unknown, transfer?: readonly Transferable[]): void;
  listen(receive: (message: unknown) => void): void;
}

/** Ports of `node:worker_threads`. */
interface NodePort {
  postMessage(message: unknown, transfer?: readonly unknown[]): void;
  on(event: 'message', listener: (message: unknown) => void): void;
}

/** The global object of a browser's worker. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: { data: unknown }) => void) | null;
}

/** The line from inside a worker to who started it. @throws UnsupportedError where this is no worker */
export function ownPort(): Port {
  const node = nodeModule<{ parentPort: NodePort | null }>('node:worker_threads')?.parentPort;
  if (node)
    return {
      post: (message, transfer = []) => node.postMessage(message, transfer),
      listen: (receive) => node.on('message', receive),
    };
  const scope = globalThis as unknown as WorkerScope;
  if (typeof scope.postMessage !== 'function' || typeof document !== 'undefined')
    throw new UnsupportedError('serveStylize: this is no worker');
  return {
    post: (message, transfer = []) => scope.postMessage(message, [...transfer]),
    listen: (receive) => {
      scope.onmessage = ({ data }) => receive(data);
    },
  };
}
