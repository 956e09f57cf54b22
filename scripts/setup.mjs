// Installs the dependencies where they are missing or older than what asks for them, so that a clean clone needs no other
// command; beside the package, the other runtimes that tests run in, where they exist for this machine.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 16)) {
  console.error(`facsimile needs Node 20.16 or newer, this is ${process.version}`);
  process.exit(2);
}

function install(folder) {
  // npm writes this file last: an install that was cut off leaves it missing.
  const installed = `${folder}node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${folder}package.json`).mtimeMs) return;
  const shell = process.platform === 'win32';
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit', shell });
}

install(root);
if (process.platform === 'linux' && process.arch === 'x64') install(`${root}runtimes/`);
