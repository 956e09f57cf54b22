export type { WorkerLike, WorkerOptions } from '../style/worker/options.ts';
export { type ServeOptions, serveStylize } from '../style/worker/serve.ts';
