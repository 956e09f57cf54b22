// Node, Bun and Deno: probe-files.mjs FOLDER, which holds what scripts/lib/face-files.mjs puts there.
import { readFileSync } from 'node:fs';
import { probe } from './probe.mjs';

const folder = process.argv[2];
const photos = ['a', 'b'].map((name) => readFileSync(`${folder}/${name}.jpg`));
const answer = await probe({ weights: `${folder}/faces.safetensors`, photos });
const version = globalThis.Bun?.version ?? globalThis.Deno?.version.deno ?? process.versions.node;
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? Number.NaN);
console.log(JSON.stringify({ ...answer, version, peakMB: Math.round(peak / 1024) }));
