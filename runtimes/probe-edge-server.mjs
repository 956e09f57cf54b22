// Vercel's edge runtime as a server: probe-edge-server.mjs PORT CODE [NAME=FILE.wasm …]
import { readFileSync } from 'node:fs';
import { runServer } from 'edge-runtime';
import { edgeHost } from './edge-host.mjs';

const [port, code, ...binaries] = process.argv.slice(2);
const runtime = edgeHost(binaries, { initialCode: readFileSync(code, 'utf8') });
await runServer({
  runtime,
  port: Number(port),
  host: '127.0.0.1',
  logger: { debug() {}, error: console.error, warn: console.warn },
});
