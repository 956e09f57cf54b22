import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { folderDataset, turnedClasses } from 'facsimile/metric';

const SETS = ['images_background_small1', 'images_background_small2'];

/** Ink is 1 on 0. */
export const pixels = ({ source }) => ({ size: source, channels: 1, mean: 255, divisor: -255 });

/**
 * The background alphabets: letters that both folders hold are one class by their name, and every quarter turn, plain and in
 * the mirror, is a letter of its own.
 */
export async function readBackground(folders, recipe, say) {
  const inside = folders.flatMap((folder) => SETS.map((set) => join(folder, set)).filter(existsSync));
  const letters = await folderDataset(inside.length > 0 ? inside : folders, pixels(recipe));
  const dataset = turnedClasses(letters, { mirrored: true });
  say(
    `${letters.classes.length} letters, ${letters.size} drawings (${letters.repeated.length} twice in the folders), ${dataset.classes.length} classes with all turns`,
  );
  return dataset;
}
