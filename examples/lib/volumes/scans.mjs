import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readVolume } from 'facsimile/volumes';
import { UsageError } from '../files.mjs';

/**
 * The scans below a folder in two halves that share no file: those of the two folders of scans below it, or, where they lie
 * in one folder, every other one by name.
 * @returns two records of volumes by name
 */
export async function readHalves(folder, say) {
  const inside = subfoldersOf(folder);
  const collections = [];
  for (const place of [folder, ...inside]) {
    const scans = await readScans(place, say);
    if (scans.length > 0) collections.push(scans);
  }
  if (collections.length > 2)
    throw new UsageError(`${folder} holds ${collections.length} folders of scans, expected 1 or 2`);
  const [first = [], second] = collections;
  const halves = second ? [first, second] : [0, 1].map((half) => first.filter((_, i) => i % 2 === half));
  for (const half of halves)
    if (half.length < 2) throw new UsageError(`${folder} must hold two scans or more for each half, .nii or .nii.gz`);
  return halves.map((half) => Object.fromEntries(half));
}

/** At any depth. */
function subfoldersOf(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isDirectory());
  } catch (error) {
    throw new UsageError(`cannot read the folder ${folder}: ${error.message}`);
  }
}

async function readScans(folder, say) {
  const scans = [];
  for (const name of readdirSync(folder).sort()) {
    if (!/\.nii(\.gz)?$/.test(name)) continue;
    try {
      scans.push([basename(name).replace(/\.nii(\.gz)?$/, ''), await readVolume(join(folder, name))]);
    } catch (error) {
      if (error.name !== 'VolumeError') throw error;
      say(`left out ${name}: ${error.message}`);
    }
  }
  return scans;
}
