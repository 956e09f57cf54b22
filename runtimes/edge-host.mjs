import { readFileSync } from 'node:fs';
import { EdgeRuntime } from 'edge-runtime';

/** Vercel's edge runtime as in production: neither text nor bytes become code at run time. `binaries`: NAME=FILE.wasm. */
export function edgeHost(binaries, options = {}) {
  const wasm = Object.fromEntries(
    binaries.map((binary) => {
      const [name, file] = binary.split('=');
      return [name, new WebAssembly.Module(readFileSync(file))];
    }),
  );
  return new EdgeRuntime({
    codeGeneration: { strings: false, wasm: false },
    extend: (context) => Object.assign(context, { wasm }),
    ...options,
  });
}
