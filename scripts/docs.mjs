// Builds the documentation as static pages into out/docs: npm run docs
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installFolder } from './lib/install-folder.mjs';

const site = fileURLToPath(new URL('../docs/site/', import.meta.url));
installFolder(site);
execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc'], { cwd: site, stdio: 'inherit' });
