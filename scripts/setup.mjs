// Installs the dependencies where they are missing or older than package.json, so that a clean clone needs no other command.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`facsimile needs Node 20 or newer, this is ${process.version}`);
  process.exit(2);
}
/** Installs a folder's packages. npm writes its lock last: an install that was cut off leaves it missing. */
function install(folder) {
  const installed = `${folder}node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${folder}package.json`).mtimeMs) return;
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

install(root);
// Other versions of Node that tests run the library in; npm has them for this platform.
if (process.platform === 'linux' && process.arch === 'x64') install(`${root}runtimes/`);
