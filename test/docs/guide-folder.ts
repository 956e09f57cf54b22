import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeJpeg, encodePng } from '../../src/image/encode.ts';
import { readImage } from '../../src/image/read.ts';
import { encodeWav } from '../../src/signal/wav.ts';
import { portraits, sample } from '../cli/photos.ts';
import { strokeDataset } from '../support/shapes-dataset.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface GuideFolder {
  readonly path: string;
  remove(): void;
}

/** A folder as readers of the guides have it: the package installed, and photos of the names that the guides use. */
export async function guideFolder(): Promise<GuideFolder> {
  const photos = await portraits();
  const { folder: path } = photos;
  const modules = join(path, 'node_modules');
  mkdirSync(join(modules, '@vladmandic'), { recursive: true });
  symlinkSync(root, join(modules, 'facsimile'));
  for (const name of ['@vladmandic/face-api', 'fflate'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  writeFileSync(join(path, 'package.json'), JSON.stringify({ type: 'module', private: true }));

  const jpeg = async (from: string, ...names: string[]) => {
    const bytes = await encodeJpeg(await readImage(from), 95);
    for (const name of names) {
      mkdirSync(join(path, name, '..'), { recursive: true });
      writeFileSync(join(path, name), bytes);
    }
  };
  await jpeg(photos.ada, 'passport.jpg', 'a.jpg', 'ada.jpg', 'people/ada/1.jpg', 'lfw/ada/ada_0001.jpg');
  await jpeg(photos.adaAgain, 'selfie.jpg', 'b.jpg', 'visitor.jpg', 'people/ada/2.jpg', 'lfw/ada/ada_0002.jpg');
  await jpeg(
    photos.bob,
    'bob.jpg',
    'people/bob/1.jpg',
    'people/bob/2.jpg',
    'lfw/bob/bob_0001.jpg',
    'lfw/bob/bob_0002.jpg',
  );
  await jpeg(photos.bob, 'town.jpg');
  await jpeg(photos.ada, 'night.jpg');
  copyFileSync(sample(1), join(path, 'party.jpg'));
  writeFileSync(join(path, 'pairs.txt'), '2\t1\nada\t1\t2\nada\t1\tbob\t1\nada\t2\t1\nada\t2\tbob\t2\n');
  writeFileSync(join(path, 'speech.wav'), await encodeWav(hum()));
  await letters(join(path, 'letters'));
  return { path, remove: photos.remove };
}

/** A second of a triangle wave of 200 Hz. */
function hum() {
  const samples = Float32Array.from({ length: 16_000 }, (_, i) => Math.abs(((i / 80) % 2) - 1) - 0.5);
  return { channels: [samples], sampleRate: 16_000 };
}

/** Weights of both detectors, as the guides have them served from public/models. Returns the file. */
export function copyWeights(folder: string): string {
  const cli = join(root, 'dist/cli.js');
  execFileSync(process.execPath, [cli, 'models', 'copy', 'faces', 'public/models'], { cwd: folder, stdio: 'pipe' });
  return 'public/models/faces.safetensors';
}

/** Drawings of twelve kinds, six of each. */
async function letters(folder: string): Promise<void> {
  const side = 28;
  const drawings = strokeDataset({ classes: 12, each: 6, side });
  const values = new Float32Array(side * side);
  for (const { name, examples } of drawings.classes) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const example of examples) {
      drawings.read(example, values);
      const data = Uint8Array.from({ length: side * side * 4 }, (_, i) => (i % 4 === 3 ? 255 : 255 * values[i >> 2]!));
      writeFileSync(join(folder, name, `${example}.png`), await encodePng({ data, width: side, height: side }));
    }
  }
}
