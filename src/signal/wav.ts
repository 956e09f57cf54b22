import { SoundError } from '../core/errors.ts';
import { checkSound, type Sound } from './sound.ts';

/** Forms of a sample in a WAV file: whole numbers of so many bits, or floats of 32 bits. */
export type WavFormat = '8' | '16' | '24' | '32' | '32f';

/** Files without an end in sight, such as a program writes into a pipe, state this size. */
const UNKNOWN_SIZE = 0xffffffff;
const MOST_CHANNELS = 64;

/** wavefile is CommonJS to Node and a module to bundlers: its class is in one of two places. */
async function wavefile(): Promise<typeof import('wavefile').WaveFile> {
  const library = (await import('wavefile')) as typeof import('wavefile') & { default?: typeof import('wavefile') };
  return library.WaveFile ?? library.default!.WaveFile;
}

const magicOf = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Whether the bytes begin as a WAV file does: RIFF, RIFX (big-endian) or RF64 (over 4 GiB). */
export const isWav = (bytes: Uint8Array): boolean =>
  ['RIFF', 'RIFX', 'RF64'].includes(magicOf(bytes, 0)) && magicOf(bytes, 8) === 'WAVE';

/**
 * Decodes a WAV file: whole numbers of 8 (unsigned), 16, 24 or 32 bits, floats of 32 or 64, IMA ADPCM, A-law and µ-law, any
 * number of channels, with the library wavefile. A whole number v of b bits becomes v / 2^(b − 1), as libsndfile has it.
 *
 * @throws SoundError where it is no WAV file, ends early, holds no samples, is of another kind, or holds NaN or an infinity.
 */
export async function decodeWav(bytes: Uint8Array): Promise<Sound> {
  if (!isWav(bytes))
    throw new SoundError(
      `wav: expected a file that begins with RIFF…WAVE, got ${bytes.length} bytes that begin with ${JSON.stringify(magicOf(bytes, 0))}`,
    );
  const wav = new (await wavefile())();
  try {
    wav.fromBuffer(bytes);
  } catch (error) {
    throw new SoundError(`wav: ${(error as Error).message} (${bytes.length} bytes)`, { cause: error });
  }
  const { fmt, data } = wav as unknown as WavChunks;
  if (!(fmt.numChannels >= 1 && fmt.numChannels <= MOST_CHANNELS))
    throw new SoundError(`wav: it states ${fmt.numChannels} channels, expected 1 to ${MOST_CHANNELS}`);
  const tag = fmt.audioFormat === EXTENSIBLE ? fmt.subformat[0]! & 0xffff : fmt.audioFormat;
  if (!FORMAT_TAGS.includes(tag) || !(fmt.bitsPerSample >= 4 && fmt.bitsPerSample <= 64))
    throw new SoundError(
      `wav: format ${tag} of ${fmt.bitsPerSample} bits is not supported; expected PCM, floats, ADPCM, A-law or µ-law`,
    );
  if (data.chunkSize !== UNKNOWN_SIZE && data.samples.length < data.chunkSize)
    throw new SoundError(
      `wav: it ends early: ${data.chunkSize} bytes of samples are stated, ${data.samples.length} are there`,
    );
  // The library counts the byte that pads a chunk of odd length, and what is left of a sample.
  const block = tag === ADPCM ? Math.max(fmt.blockAlign, 1) : fmt.numChannels * Math.ceil(fmt.bitsPerSample / 8);
  data.samples = data.samples.subarray(0, Math.floor(Math.min(data.samples.length, data.chunkSize) / block) * block);
  if (data.samples.length === 0) throw new SoundError('wav: it holds no samples');
  const sound = { channels: channelsOf(wav, fmt.numChannels), sampleRate: fmt.sampleRate };
  checkSound('wav', sound);
  return sound;
}

/** What the library read, as it names it. */
interface WavChunks {
  readonly fmt: {
    readonly audioFormat: number;
    readonly numChannels: number;
    readonly sampleRate: number;
    readonly blockAlign: number;
    readonly bitsPerSample: number;
    readonly subformat: readonly number[];
  };
  readonly data: { readonly chunkSize: number; samples: Uint8Array };
}

const ADPCM = 17;
/** PCM, floats, A-law, µ-law, IMA's ADPCM; and the tag of a file that names its format elsewhere. */
const FORMAT_TAGS: readonly number[] = [1, 3, 6, 7, ADPCM];
const EXTENSIBLE = 0xfffe;

/** 2^(bits − 1). */
const halfRange = (bits: number): number =>
  Array.from({ length: bits - 1 }).reduce<number>((product) => product * 2, 1);

type WaveFile = InstanceType<Awaited<ReturnType<typeof wavefile>>>;

function channelsOf(wav: WaveFile, count: number): Float32Array[] {
  const compressed: Record<string, () => void> = {
    '4': () => wav.fromIMAADPCM(),
    '8a': () => wav.fromALaw(),
    '8m': () => wav.fromMuLaw(),
  };
  compressed[wav.bitDepth]?.();
  const depth = wav.bitDepth;
  const whole = depth !== '32f' && depth !== '64';
  const [offset, scale] = whole ? [depth === '8' ? 128 : 0, 1 / halfRange(Number(depth))] : [0, 1];
  const samples = wav.getSamples(true, Float64Array);
  return Array.from({ length: count }, (_, c) =>
    Float32Array.from({ length: samples.length / count }, (_, i) => (samples[i * count + c]! - offset) * scale),
  );
}

/**
 * A sound as a WAV file. Values beyond −1 … 1 are clipped, except in `'32f'`; a value v becomes the whole number nearest to
 * v · 2^(b − 1).
 * @throws SoundError where the sound is not one, or the format unknown
 */
export async function encodeWav(sound: Sound, format: WavFormat = '16'): Promise<Uint8Array> {
  checkSound('encodeWav', sound);
  if (!['8', '16', '24', '32', '32f'].includes(format))
    throw new SoundError(`encodeWav: format must be '8', '16', '24', '32' or '32f', got ${JSON.stringify(format)}`);
  const { channels, sampleRate } = sound;
  const wav = new (await wavefile())();
  wav.fromScratch(channels.length, Math.round(sampleRate), format, interleaved(channels, format));
  return wav.toBuffer();
}

function interleaved(channels: readonly Float32Array[], format: WavFormat): Float64Array {
  const count = channels.length;
  const all = new Float64Array(count * channels[0]!.length);
  const half = format === '32f' ? 1 : halfRange(Number(format));
  for (const [c, channel] of channels.entries())
    for (let i = 0; i < channel.length; i++) {
      const value = channel[i]!;
      all[i * count + c] =
        format === '32f'
          ? value
          : Math.min(Math.max(Math.round(value * half), -half), half - 1) + (format === '8' ? half : 0);
    }
  return all;
}
