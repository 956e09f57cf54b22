import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bench = `${root}bench/`;
const CORE = process.env.BENCH_CORE ?? '0';
const PINNED = 'FACSIMILE_BENCH_PINNED';

/** npm with its output on stderr, so that stdout holds results only. */
const npm = (args, cwd) =>
  execFileSync('npm', args, {
    cwd,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
    // onnxruntime packages would otherwise download native libraries in their postinstall.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });

/** Installs bench/package.json where that has not been done since it changed. */
export function ensurePeers() {
  // npm writes this file last: an install that was cut off leaves it missing.
  const installed = `${bench}node_modules/.package-lock.json`;
  const wanted = statSync(`${bench}package.json`).mtimeMs;
  if (existsSync(installed) && statSync(installed).mtimeMs >= wanted) return;
  npm(['install', '--no-audit', '--no-fund'], bench);
}

/** Builds the library where dist/ is missing, with its dependencies before. */
export function ensureLibrary() {
  if (existsSync(`${root}dist/inline/index.js`)) return;
  npm(['run', 'setup'], root);
  npm(['run', 'build'], root);
}

/**
 * Where taskset exists, runs this script again by `node` on one core and exits as that run did. False where the calling
 * process is the one that shall measure: pinned already, or on a system without taskset.
 */
export function pinToOneCore(node = process.execPath) {
  if (process.env[PINNED]) return false;
  const pinned = spawnSync('taskset', ['-c', CORE, 'true']).status === 0;
  if (!pinned && node === process.execPath) return false;
  const command = [...(pinned ? ['taskset', '-c', CORE] : []), node, ...process.argv.slice(1)];
  const { status } = spawnSync(command[0], command.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, [PINNED]: pinned ? CORE : 'not' },
  });
  process.exitCode = status ?? 1;
  return true;
}

/** Whether this process runs on one core only. */
export const isPinned = () => process.env[PINNED] !== undefined && process.env[PINNED] !== 'not';

/** A Node 24 to run in: this one where it is as new, else the one of runtimes/, installed there at first use. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const folder = `${root}runtimes/`;
  const binary = `${folder}node_modules/n24/bin/node`;
  if (!existsSync(binary)) npm(['install', '--no-audit', '--no-fund'], folder);
  return binary;
}
