import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'vite';

/** Files that a browser never asks for by itself. */
const NOT_FETCHED = new Set(['_headers', 'service-worker.js']);

/** Builds the service worker last, when every file that it keeps is there, and tells it their names and contents' hash. */
export function offline(): Plugin {
  let out = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved: ({ root, build: { outDir } }) => {
      out = join(root, outDir);
    },
    async closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(out, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
        .filter((file) => !NOT_FETCHED.has(file))
        .sort();
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(readFileSync(join(out, file)));
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        root: join(import.meta.dirname, '..'),
        define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)) },
        build: {
          write: false,
          lib: { entry: 'src/service-worker.ts', formats: ['iife'], name: 'serviceWorker' },
        },
      });
      const [bundle] = [built].flat();
      if (!bundle || !('output' in bundle)) throw new Error('offline: the service worker was not built');
      writeFileSync(join(out, 'service-worker.js'), bundle.output[0].code);
    },
  };
}
