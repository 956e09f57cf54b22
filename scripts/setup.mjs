// Installs the dependencies where they are missing or older than what asks for them, so that a clean clone needs no other
// command; beside the package, the other runtimes that tests run in, where they exist for this machine.
import { fileURLToPath } from 'node:url';
import { installFolder } from './lib/install-folder.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 16)) {
  console.error(`facsimile needs Node 20.16 or newer, this is ${process.version}`);
  process.exit(2);
}

installFolder(root);
if (process.platform === 'linux' && process.arch === 'x64') installFolder(`${root}runtimes/`);
