// Builds a program on the packed library with every bundler, without configuration, and runs what comes out:
// npm run test:consumers [-- NAME …]. All must give the same verification.
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consumers } from '../runtimes/drivers/consumers.mjs';
import { copyFaceFiles } from './lib/face-files.mjs';
import { installPacked } from './lib/install.mjs';
import { serve } from './lib/serve.mjs';

const at = (path) => fileURLToPath(new URL(`../consumers/${path}`, import.meta.url));
const { dependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const folder = installPacked(...Object.entries(dependencies).map(([name, version]) => `${name}@${version}`));
const files = join(folder, 'files');
mkdirSync(files);
copyFaceFiles(folder, files);
const server = await serve(files);

const wanted = process.argv.slice(2);
const failures = [];
const done = [];
for (const { name, sources, run } of consumers) {
  if (wanted.length > 0 && !wanted.some((part) => name.startsWith(part))) continue;
  const place = join(folder, name.replace(/\W+/g, '-').toLowerCase());
  mkdirSync(place);
  const began = performance.now();
  try {
    for (const [target, source] of Object.entries(sources)) {
      mkdirSync(join(place, target, '..'), { recursive: true });
      if (typeof source === 'string') copyFileSync(at(source), join(place, target));
      else writeFileSync(join(place, target), source.text);
    }
    const bin = (tool) => join(folder, 'node_modules/.bin', tool);
    const pages = (built) => cpSync(files, built, { recursive: true });
    const { verification } = await run({ place, bin, pages, files: server.url });
    done.push({ name, verification, seconds: ((performance.now() - began) / 1000).toFixed(1) });
    // The page for people says three digits.
    const [verdict, distance] = verification.split(' ');
    const agrees = ([first, exact]) => first === verdict && exact.startsWith(distance.slice(0, 4));
    if (!agrees(done[0].verification.split(' ')) || (name !== 'static page' && verification !== done[0].verification))
      failures.push(`${name}: ${verification}, not ${done[0].verification}`);
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  }
}
server.close();
for (const { name, verification, seconds } of done)
  console.log(`${name.padEnd(16)} built and run in ${seconds.padStart(5)} s: ${verification}`);
for (const line of failures) console.error(line);
console.log(`\n${done.length} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
