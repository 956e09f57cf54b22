import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

/** Installs what a folder's package.json asks for, unless it is there already and no older than that. */
export function installFolder(folder) {
  // npm writes this file last: an install that was cut off leaves it missing.
  const installed = `${folder}node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${folder}package.json`).mtimeMs) return;
  const shell = process.platform === 'win32';
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit', shell });
}
