// Vercel's edge runtime: probe-edge.mjs FOLDER CODE [NAME=FILE.wasm …], where CODE is the probe as one script.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { edgeHost } from './edge-host.mjs';

const [folder, code, ...binaries] = process.argv.slice(2);
const runtime = edgeHost(binaries);
const bytes = (name) => new Uint8Array(readFileSync(`${folder}/${name}`));
const start = performance.now();
runtime.evaluate(readFileSync(code, 'utf8'));
const loadMs = performance.now() - start;
const given = { weights: bytes('faces.safetensors'), photos: [bytes('a.jpg'), bytes('b.jpg')] };
const answer = await runtime.evaluate('probe')(given);
const { version } = createRequire(import.meta.url)('edge-runtime/package.json');
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? Number.NaN);
console.log(JSON.stringify({ ...answer, loadMs: loadMs + answer.loadMs, version, peakMB: Math.round(peak / 1024) }));
