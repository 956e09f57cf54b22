import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';

const child = fileURLToPath(new URL('./child.mjs', import.meta.url));

/**
 * Runs child.mjs for both sides in turn, `rounds` processes each with `runs` photos, and gives the medians of what they
 * report: { ours: { cpuMs, peakMB, faces }, theirs }.
 */
export function raceProcesses(photo, { rounds, runs }) {
  const folder = mkdtempSync(join(tmpdir(), 'facsimile-bench-'));
  try {
    const path = join(folder, 'photo.rgba');
    writeFileSync(path, photo.data);
    const reports = { ours: [], theirs: [] };
    for (let round = 0; round < rounds; round++)
      for (const who of Object.keys(reports)) {
        const args = [child, who, path, photo.width, photo.height, runs].map(String);
        const stdio = ['ignore', 'pipe', process.stderr];
        reports[who].push(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio }).trim()));
      }
    const medians = (list) =>
      Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((report) => report[key]))]));
    return Object.fromEntries(Object.entries(reports).map(([who, list]) => [who, medians(list)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
