import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSound } from 'facsimile/signal';
import { UsageError } from '../files.mjs';

/** Spoken digits of a folder, at any depth, in the naming of the Free Spoken Digit Dataset: DIGIT_SPEAKER_NUMBER.wav. */
export async function readClips(folder) {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  const names = readdirSync(folder, { recursive: true }).sort();
  const clips = [];
  for (const name of names) {
    const [, digit, speaker] = /^(\d)_([^_]+)_\d+\.wav$/.exec(basename(name)) ?? [];
    if (digit) clips.push({ digit, speaker, sound: await readSound(join(folder, name)) });
  }
  const speakers = [...new Set(clips.map(({ speaker }) => speaker))].sort();
  if (speakers.length < 4)
    throw new UsageError(
      `${folder} must hold DIGIT_SPEAKER_NUMBER.wav of at least four speakers, found ${speakers.length}`,
    );
  const rates = new Set(clips.map(({ sound }) => sound.sampleRate));
  if (rates.size > 1) throw new UsageError(`${folder} holds clips of several rates: ${[...rates].join(', ')}`);
  return { clips, speakers };
}

/** Every choice of two speakers to hold out. */
export const splitsOf = (speakers) => speakers.flatMap((a, i) => speakers.slice(i + 1).map((b) => [a, b]));
