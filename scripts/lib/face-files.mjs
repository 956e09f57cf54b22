import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('../../node_modules/@vladmandic/face-api', import.meta.url));

/**
 * Puts into a folder, by default the one where the package is installed, what verifying needs: the face networks as the package's own command
 * writes them (faces.safetensors), and two photos of one person (a.jpg, b.jpg).
 */
export function copyFaceFiles(folder, to = folder) {
  const command = join(folder, 'node_modules/facsimile/dist/cli.js');
  const words = ['models', 'copy', 'faces', to, '--detector', 'tiny', '--weights', join(sources, 'model')];
  execFileSync(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  copyFileSync(join(sources, 'demo/sample1.jpg'), join(to, 'a.jpg'));
  copyFileSync(join(sources, 'demo/sample2.jpg'), join(to, 'b.jpg'));
}
