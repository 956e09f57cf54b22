import { alterer, mono, soundFeatures } from 'facsimile/signal';

/** What the encoder hears of every clip and of every altered version of it: [clip][version]. */
export function hearClips(clips, { input, versions }) {
  const heard = clips.map(() => []);
  for (const version of versions) {
    const alter = alterer(clips[0].sound.sampleRate, version);
    for (const [i, { sound }] of clips.entries()) {
      const altered = { channels: [alter(mono(sound))], sampleRate: sound.sampleRate };
      heard[i].push(soundFeatures(altered, input));
    }
  }
  return heard;
}
