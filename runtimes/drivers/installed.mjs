import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

/** What a runtime of runtimes/package.json is run by. @throws where it is not installed */
export function installed(path) {
  if (!existsSync(here(path))) throw new Error('missing: npm run setup');
  return here(path);
}

/** A program of the system. @throws where it is not installed, naming the Debian package */
export function ofSystem(path, debian) {
  if (!existsSync(path)) throw new Error(`missing: apt-get install ${debian}`);
  return path;
}
