// Vercel's edge runtime as a server: probe-edge-server.mjs PORT CODE [NAME=FILE.wasm …]
import { readFileSync } from 'node:fs';
import { EdgeRuntime, runServer } from 'edge-runtime';

const [port, code, ...binaries] = process.argv.slice(2);
const wasm = Object.fromEntries(
  binaries.map((binary) => {
    const [name, file] = binary.split('=');
    return [name, new WebAssembly.Module(readFileSync(file))];
  }),
);
const runtime = new EdgeRuntime({
  codeGeneration: { strings: false, wasm: false },
  extend: (context) => Object.assign(context, { wasm }),
  initialCode: readFileSync(code, 'utf8'),
});
await runServer({
  runtime,
  port: Number(port),
  host: '127.0.0.1',
  logger: { debug() {}, error: console.error, warn: console.warn },
});
