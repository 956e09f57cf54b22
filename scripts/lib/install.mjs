import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const npm = (words, cwd) =>
  execFileSync('npm', [...words, '--loglevel=error'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

/**
 * Packs the package as `npm publish` would and installs the tarball in an empty folder, with whatever else is asked for.
 * Returns the folder; it goes when this process ends.
 */
export function installPacked(...others) {
  if (!existsSync(join(root, 'dist/inline'))) npm(['run', 'build'], root);
  const folder = mkdtempSync(join(tmpdir(), 'facsimile-packed-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  npm(['pack', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  npm(
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', `./${tarball}`, ...others],
    folder,
  );
  return folder;
}
