// npm run bench -- SUITE --json | node bench/document.mjs: writes the suite's table into docs/performance.md, in place of
// the one that stands under its name.
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { geometricMeans } from './lib/report.mjs';

const page = new URL('../docs/performance.md', import.meta.url);
const lines = (await text(process.stdin)).split('\n').filter((line) => line.startsWith('{'));
const results = lines.map((line) => JSON.parse(line));
let document = readFileSync(page, 'utf8');
for (const suite of new Set(results.map((result) => result.suite))) {
  const rows = results.filter((result) => result.suite === suite);
  const table = new RegExp(`(<!-- ${suite} -->\n)[^]*?(?=\n<!-- /${suite} -->)`);
  if (!table.test(document)) throw new Error(`docs/performance.md has no place for "${suite}": <!-- ${suite} -->`);
  document = document.replace(table, (_, start) => start + tableOf(rows));
}
writeFileSync(page, document);

function tableOf(rows) {
  const lines = rows.map(({ case: name, ours_ms, peer, peer_ms, ratio, unit = 'ms', note = '' }) => [
    name,
    `${ours_ms} ${unit}`,
    peer,
    `${peer_ms} ${unit}`,
    `${ratio.toFixed(2)} ×`,
    note,
  ]);
  const head = ['case', 'facsimile', 'peer', 'peer', 'ratio', ''];
  const widths = head.map((title, column) => Math.max(3, title.length, ...lines.map((line) => line[column].length)));
  const row = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row), ...means(rows)].join('\n');
}

function means(rows) {
  const lines = geometricMeans(rows).map(([peer, mean]) => `${mean.toFixed(2)} × ${peer}`);
  return lines.length > 0 ? ['', `Geometric mean: ${lines.join(', ')}.`] : [];
}
