import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const root = join(import.meta.dirname, '../..');
const place = join(import.meta.dirname, '../public');

/** What the page serves and the repository does not hold: weights, by `facsimile models copy`, and photos to try it on. */
export function served(): Plugin {
  return {
    name: 'served',
    buildStart() {
      if (!existsSync(join(place, 'models/faces.safetensors')))
        execFileSync(
          process.execPath,
          [join(root, 'dist/cli.js'), 'models', 'copy', 'faces', join(place, 'models'), '--detector', 'ssd'],
          { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
        );
      const photos = join(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'), '../demo');
      mkdirSync(join(place, 'samples'), { recursive: true });
      for (let i = 1; i <= 6; i++)
        copyFileSync(join(photos, `sample${i}.jpg`), join(place, 'samples', `sample${i}.jpg`));
    },
  };
}
