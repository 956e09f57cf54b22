import { SoundError } from '../core/errors.ts';

/** A sound in memory: a list of samples for each channel, all of one length; full scale is −1 … 1. */
export interface Sound {
  readonly channels: readonly Float32Array[];
  /** Samples a second. */
  readonly sampleRate: number;
}

export const secondsOf = ({ channels, sampleRate }: Sound): number => (channels[0]?.length ?? 0) / sampleRate;

/** @throws SoundError naming `who` where a sound has no channel, channels of two lengths, no rate, or a value that is not finite. */
export function checkSound(who: string, { channels, sampleRate }: Sound): void {
  if (!(sampleRate > 0 && Number.isFinite(sampleRate)))
    throw new SoundError(`${who}: sampleRate must be a finite number above 0, got ${sampleRate}`);
  if (channels.length === 0) throw new SoundError(`${who}: a sound needs a channel or more, got none`);
  const lengths = channels.map(({ length }) => length);
  if (lengths.some((length) => length !== lengths[0]))
    throw new SoundError(`${who}: channels must be of one length, got ${lengths.join(', ')}`);
  for (const channel of channels) checkSamples(who, channel);
}

/** @throws SoundError naming `who` and the first sample that is not finite. */
export function checkSamples(who: string, samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++)
    if (!Number.isFinite(samples[i])) throw new SoundError(`${who}: sample ${i} is ${samples[i]}`);
}

/** The mean of all channels; a sound of one channel gives that one, not a copy. */
export function mono({ channels }: Sound): Float32Array {
  const [first, ...others] = channels;
  if (!first) throw new SoundError('mono: a sound needs a channel or more, got none');
  if (others.length === 0) return first;
  return first.map((value, i) => others.reduce((sum, channel) => sum + channel[i]!, value) / channels.length);
}

/** The largest |sample| over all channels: 0 for silence. */
export function peakOf({ channels }: Sound): number {
  let peak = 0;
  for (const channel of channels) for (const value of channel) peak = Math.max(peak, Math.abs(value));
  return peak;
}
