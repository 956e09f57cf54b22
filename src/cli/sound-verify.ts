import { readFile } from 'node:fs/promises';
import { euclidean } from '../metric/distance.ts';
import { embedSounds } from '../metric/training/embed-sounds.ts';
import { readSoundEncoder } from '../models/sound-encoder-file.ts';
import { readSound } from '../signal/read.ts';
import { soundFeatures } from '../signal/sound-input.ts';
import { inPhoto } from './failure.ts';
import type { Outcome } from './outcome.ts';
import { formatDistance } from './text.ts';

/** `facsimile verify a.wav b.wav --model FILE`: whether one voice speaks in both. */
export async function verifySounds(paths: readonly [string, string], model: string, own?: number): Promise<Outcome> {
  const {
    encoder,
    input,
    parameters,
    threshold: stored,
  } = await inPhoto(model, readFile(model).then(readSoundEncoder));
  const threshold = own ?? stored;
  const heard = [];
  for (const path of paths)
    heard.push(
      await inPhoto(
        path,
        readSound(path).then((sound) => soundFeatures(sound, input)),
      ),
    );
  const { graph, output } = encoder;
  const [a, b] = embedSounds(graph, heard, { parameters, output, frames: input.frames, fit: input.fit });
  const distance = euclidean(a!, b!);
  const same = distance <= threshold;
  const figure = formatDistance(distance, threshold);
  return {
    text: same
      ? `Same voice: distance ${figure} is within the threshold of ${threshold}.`
      : `Different voices: distance ${figure} is above the threshold of ${threshold}.`,
    json: { same, distance, threshold },
    yes: same,
  };
}
