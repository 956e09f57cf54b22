import { SoundError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import { checkSound, type Sound } from './sound.ts';
import { decodeWav, isWav } from './wav.ts';

/** What people have a sound in. A string is a path; paths and `file:` URLs are read where there is a file system. */
export type SoundSource = Sound | AudioBuffer | Blob | ArrayBuffer | Uint8Array | string | URL;

const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/**
 * Reads a sound: WAV files everywhere, with the same samples everywhere; other formats (MP3, FLAC, Ogg …) where the host is a
 * browser, through its own decoder, at the rate that it decodes to.
 *
 * Web addresses are not fetched: what may be fetched is the caller's to decide.
 *
 * @throws SoundError saying what came and what was expected
 * @example
 * const { channels, sampleRate } = await readSound('speech.wav');
 */
export async function readSound(source: SoundSource): Promise<Sound> {
  if (typeof source === 'string') return readSoundFile(source);
  switch (kindOf(source)) {
    case 'URL':
      return readSoundFile(source as URL);
    case 'Blob':
    case 'File':
      return decode(new Uint8Array(await (source as Blob).arrayBuffer()));
    case 'ArrayBuffer':
      return decode(new Uint8Array(source as ArrayBuffer));
    case 'Uint8Array':
      return decode(source as Uint8Array);
    case 'AudioBuffer':
      return fromAudioBuffer(source as AudioBuffer);
    default:
      break;
  }
  if (typeof source !== 'object' || source === null || !('channels' in source))
    throw new SoundError(
      `readSound: expected channels and a sample rate, an AudioBuffer, a Blob, the bytes of a file or a path, got ${kindOf(source)}`,
    );
  checkSound('readSound', source);
  return source;
}

function fromAudioBuffer(buffer: AudioBuffer): Sound {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, c) => buffer.getChannelData(c).slice());
  return { channels, sampleRate: buffer.sampleRate };
}

/** What a browser's decoder is asked to resample to, since it always does. */
const BROWSER_RATE = 48000;

async function decode(bytes: Uint8Array): Promise<Sound> {
  if (isWav(bytes) || typeof OfflineAudioContext === 'undefined') return decodeWav(bytes);
  try {
    const buffer = await new OfflineAudioContext(1, 1, BROWSER_RATE).decodeAudioData(bytes.slice().buffer);
    return fromAudioBuffer(buffer);
  } catch (error) {
    throw new SoundError(`readSound: neither a WAV file nor one that this browser decodes (${bytes.length} bytes)`, {
      cause: error,
    });
  }
}

async function readSoundFile(path: string | URL): Promise<Sound> {
  const name = String(path);
  if (/^(https?|data|blob):/i.test(name))
    throw new SoundError(
      `readSound: expected a path or a file: URL, got ${name.slice(0, 80)}: fetch it and pass its blob`,
    );
  const fs = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  if (!fs)
    throw new SoundError(`readSound: this host has no files to read ${name.slice(0, 80)} from: pass bytes or a Blob`);
  try {
    return await decode(await fs.readFile(name.startsWith('file:') ? new URL(name) : path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof SoundError) && code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new SoundError(`${name}: ${reason}`, { cause: error });
  }
}
