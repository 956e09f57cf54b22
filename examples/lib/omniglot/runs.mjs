import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage, resample } from 'facsimile/image';
import { arrayDataset, FewShotClassifier } from 'facsimile/metric';
import { UsageError } from '../files.mjs';
import { pixels } from './background.mjs';
import { describe } from './views.mjs';

/**
 * Plays the runs below a folder: in each, twenty letters of one alphabet are drawn once (training/), and each is drawn once
 * more by somebody else (test/). Each test drawing is given, by itself, to the letter whose drawing is nearest.
 */
export async function playRuns(folder, network, recipe, engine) {
  const names = readdirSync(folder)
    .filter((name) => /^run\d+$/.test(name))
    .sort();
  if (names.length === 0) throw new UsageError(`${folder} holds no run01, run02, …`);
  let correct = 0;
  let trials = 0;
  for (const name of names) {
    const pairs = readPairs(folder, name);
    const paths = [...new Set(pairs.flat())];
    const descriptors = describe(network, await readDrawings(folder, paths, recipe), recipe, engine);
    const descriptorOf = new Map(paths.map((path, i) => [path, descriptors[i]]));
    const letters = [...new Set(pairs.map(([, training]) => training))].sort();
    const classifier = new FewShotClassifier(letters.map((label) => ({ label, embedding: descriptorOf.get(label) })));
    correct += pairs.filter(([test, own]) => classifier.classify(descriptorOf.get(test)).label === own).length;
    trials += pairs.length;
  }
  return { runs: names.length, trials, correct, accuracy: correct / trials };
}

/** Test drawings, each with the training drawing of the same letter, as class_labels.txt tells. */
function readPairs(folder, name) {
  const lines = readFileSync(join(folder, name, 'class_labels.txt'), 'utf8')
    .trim()
    .split(/\r?\n/);
  return lines.map((line) => line.trim().split(/\s+/));
}

async function readDrawings(folder, paths, recipe) {
  const { size, mean, divisor } = pixels(recipe);
  const examples = [];
  for (const path of paths) {
    const bytes = resample(await readImage(join(folder, path)), [size, size], 1);
    examples.push({ class: path, values: Float32Array.from(bytes, (v) => (v - mean) / divisor) });
  }
  return arrayDataset(examples, [size, size, 1]);
}
