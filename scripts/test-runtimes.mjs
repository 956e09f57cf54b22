// Runs the packed library in every runtime: npm run test:runtimes [-- --json] [-- --only NAME,NAME]
// One table: version, digest, milliseconds to load and to verify two photos for the first time, the most memory resident.
// It fails where a runtime fails or computes other bits; where one is missing it says so, and fails in CI.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyFaceFiles } from './lib/face-files.mjs';
import { installPacked } from './lib/install.mjs';
import { serve } from './lib/serve.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const { processes } = await import('../runtimes/drivers/processes.mjs');
const { workerd } = await import('../runtimes/drivers/workerd.mjs');
const { edgeRuntime } = await import('../runtimes/drivers/edge.mjs');
const { browsers } = await import('../runtimes/drivers/browsers.mjs');
const { webkit } = await import('../runtimes/drivers/webkit.mjs');
const wanted = values.only?.split(',');
const runtimes = [...processes, workerd, edgeRuntime, ...browsers, webkit].filter(
  ({ name }) => !wanted || wanted.some((part) => name.startsWith(part)),
);

/** A page finds packages where a static server shows them. */
const importMap = JSON.stringify({
  imports: {
    'facsimile/faces': '/node_modules/facsimile/dist/inline/faces.js',
    'facsimile/digest': '/node_modules/facsimile/dist/inline/digest.js',
    fflate: '/node_modules/fflate/esm/browser.js',
  },
});
const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="importmap">${importMap}</script><script type="module" src="/probe-page.mjs"></script><body>`;

const folder = installPacked();
copyFaceFiles(folder);
for (const name of readdirSync(at('runtimes')).filter((file) => file.startsWith('probe')))
  copyFileSync(at(`runtimes/${name}`), join(folder, name));
writeFileSync(join(folder, 'probe.html'), page);
const server = await serve(folder, { inline: [importMap] });

const { digest: golden } = JSON.parse(readFileSync(at('test/digest/golden.json'), 'utf8'));
const rows = [];
const missing = [];
const failures = [];
const round = (number) => Math.round(number);
for (const { name, run } of runtimes) {
  try {
    const { version, digest, verification, loadMs, firstVerifyMs, peakMB } = await run({ folder, url: server.url });
    const row = { runtime: name, version, digest, loadMs: round(loadMs), firstVerifyMs: round(firstVerifyMs), peakMB };
    rows.push({ ...row, verification });
    if (digest !== golden) failures.push(`${name}: another digest than test/digest/golden.json, ${digest}`);
    if (verification !== rows[0].verification)
      failures.push(`${name}: verified as ${verification}, not ${rows[0].verification}`);
    if (values.json) console.log(JSON.stringify(row));
  } catch (error) {
    (error.message.startsWith('missing') ? missing : failures).push(`${name}: ${error.message}`);
  }
}
server.close();

if (!values.json) {
  const table = [
    ['runtime', 'version', 'digest', 'load ms', 'first verify ms', 'peak MB'],
    ...rows.map((row) => [
      row.runtime,
      row.version,
      row.digest.slice(0, 16),
      row.loadMs,
      row.firstVerifyMs,
      row.peakMB,
    ]),
  ].map((cells) => cells.map(String));
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const cells of table)
    console.log(
      cells
        .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  '),
    );
}
for (const line of [...missing, ...failures]) console.error(line);
const failed = failures.length + (process.env.CI === 'true' ? missing.length : 0);
console.log(
  values.json
    ? ''
    : `\n${rows.length} passed, ${failed} failed${missing.length > 0 ? `, ${missing.length} missing` : ''}`,
);
process.exit(failed > 0 ? 1 : 0);
