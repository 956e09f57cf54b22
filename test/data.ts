import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The shared folder of real photos and reference outputs; absent in a user's clone. */
const folder = new URL('../../shared/data/', import.meta.url);
export const hasData = existsSync(folder);
if (!hasData) console.warn(`tests that need ${fileURLToPath(folder)} are skipped: the folder is not there`);

/** Path of a file of the shared data folder. */
export const dataPath = (name: string): string => fileURLToPath(new URL(name, folder));

/** Path inside the installed `@vladmandic/face-api` package (weights in `model/`, photos in `demo/`). */
export const faceApiPath = (name: string): string =>
  fileURLToPath(new URL(`../node_modules/@vladmandic/face-api/${name}`, import.meta.url));
