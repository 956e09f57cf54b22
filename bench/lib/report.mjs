import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, type } from 'node:os';
import { isPinned } from './prepare.mjs';

const versionOf = (peer) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${peer}/package.json`, import.meta.url), 'utf8')).version;

/** Machine, engine and peers, for the head of a report. */
export function describeMachine(peers) {
  const [core] = cpus();
  return [
    `machine  ${core?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${isPinned() ? 'pinned to one' : 'not pinned'}; ${type()} ${release()}; load ${loadavg()[0].toFixed(2)}`,
    `engine   Node ${process.versions.node}, V8 ${process.versions.v8}`,
    `peers    ${peers.map((peer) => `${peer} ${versionOf(peer)}`).join(', ') || 'none from npm'}`,
    'method   CPU time of the process (user + system), interleaved rounds, medians; ratio = peer / ours, above 1 we are better',
  ].join('\n');
}

const ratioOf = ({ ours, theirs }) => theirs / ours;
const rounded = (value) => Number(value.toPrecision(4));

/** One result as one line of JSON. */
export function jsonLine(result) {
  const { suite, case: name, ours, peer, theirs, unit, note } = result;
  const line = {
    suite,
    case: name,
    ours_ms: rounded(ours),
    peer,
    peer_ms: rounded(theirs),
    ratio: rounded(ratioOf(result)),
  };
  return JSON.stringify({ ...line, ...(unit && { unit }), ...(note && { note }) });
}

/** [peer, geometric mean of the ratios] for each peer that stands in several rows that hold times. */
export const geometricMeans = (rows) =>
  [...new Set(rows.map(({ peer }) => peer))].flatMap((peer) => {
    const ratios = rows.filter((row) => row.peer === peer && row.unit === undefined).map(({ ratio }) => ratio);
    if (ratios.length < 2) return [];
    return [[peer, Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)]];
  });

/** Results as a table for people, with the geometric mean for each peer over the cases that hold times. */
export function tableOf(results) {
  const rows = results.map((result) => {
    const unit = result.unit ?? 'ms';
    const amount = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
    const ratio = `${ratioOf(result).toFixed(2)}×`;
    return [result.case, amount(result.ours), result.peer, amount(result.theirs), ratio, result.note ?? ''];
  });
  const table = [['case', 'facsimile', 'peer', 'peer', 'ratio', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const numeric = [1, 3, 4];
  const lines = table.map((row) =>
    row
      .map((cell, i) => (numeric.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  const means = geometricMeans(results.map((result) => ({ ...result, ratio: ratioOf(result) }))).map(
    ([peer, mean]) => `geometric mean against ${peer}: ${mean.toFixed(2)}×`,
  );
  return ['', ...lines, '', ...means].join('\n');
}
