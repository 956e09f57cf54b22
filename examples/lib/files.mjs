import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';

/** Something about the input that the person at the keyboard can mend. */
export class UsageError extends Error {}

const IMAGES = new Set(['.jpg', '.jpeg', '.png']);

/** Paths of the JPEG and PNG files in a folder, by name. */
export function photosIn(folder) {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  if (!statSync(folder).isDirectory()) throw new UsageError(`${folder} is a file; pass the folder that it is in`);
  const names = readdirSync(folder).filter((name) => IMAGES.has(extname(name).toLowerCase()));
  if (names.length === 0) throw new UsageError(`${folder} holds no JPEG or PNG photos`);
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((name) => join(folder, name));
}

/** The six photos that the package @vladmandic/face-api ships. */
export function samplePhotos() {
  const manifest = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json');
  return photosIn(join(dirname(manifest), 'demo')).filter((path) => /^sample\d+\.jpg$/.test(basename(path)));
}
