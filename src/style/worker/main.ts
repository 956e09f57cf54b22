import { serveStylize } from './serve.ts';

// The script of a worker: the build makes one file of it (rollup.config.mjs).
serveStylize();
