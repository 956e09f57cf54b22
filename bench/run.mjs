// npm run bench -- SUITE [--json]: the library against named peers, on one core, in one process, in CPU time; threads on
// two, in wall time.
// BENCH_CORE chooses another core than 0.
import { readdirSync } from 'node:fs';
import { ensureLibrary, ensurePeers, node24, pinToOneCore } from './lib/prepare.mjs';
import { describeMachine, jsonLine, tableOf } from './lib/report.mjs';

const suites = readdirSync(new URL('./suites', import.meta.url))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -4));
const [suite, ...others] = process.argv.slice(2).filter((argument) => argument !== '--json');
const json = process.argv.includes('--json');

if (!suites.includes(suite) || others.length > 0) {
  console.error(`usage: npm run bench -- SUITE [--json], where SUITE is one of ${suites.join(', ')}`);
  process.exit(2);
}
ensurePeers();
ensureLibrary();
try {
  // Threads need their cores, and Node 20 has no relaxed SIMD.
  if (suite === 'threads' || !pinToOneCore(suite === 'fast' ? node24() : undefined)) await race();
} catch (error) {
  console.error(error);
  process.exit(1);
}

async function race() {
  const { peers, run } = await import(`./suites/${suite}.mjs`);
  (json ? console.error : console.log)(describeMachine(peers));
  const results = [];
  for await (const result of run()) {
    results.push({ suite, ...result });
    if (json) console.log(jsonLine(results.at(-1)));
    else console.error(`  ${result.case} against ${result.peer}: done`);
  }
  if (!json) console.log(tableOf(results));
}
