import { ImageError, InputError } from '../core/errors.ts';
import type { Picture } from '../image/image.ts';
import { kindOf } from '../image/image.ts';
import { listPictures } from '../image/picture-files.ts';
import { type ImageSource, readImage } from '../image/read.ts';

/** A picture, or one with a name to call it by; without one a file is called by its path, others by their number. */
export type PictureEntry = ImageSource | { readonly name: string; readonly source: ImageSource };

/** Pictures to show to a network: a folder by its path (those below it included), a list, or what gives one after another. */
export type Pictures = string | Iterable<PictureEntry> | AsyncIterable<PictureEntry>;

export interface PicturesOptions {
  /** Allows pictures to come as pixels or bytes one after another: those of the winners are kept in memory. */
  readonly keepBytes?: boolean;
  /** A picture that cannot be read: an error, or listed as skipped. Default: `'fail'`. */
  readonly unreadable?: 'fail' | 'skip';
}

/** A picture that was left out, and why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** A picture that was read, and what reads it again. */
export interface NamedPicture {
  readonly name: string;
  readonly source: ImageSource;
  readonly picture: Picture;
}

/** Kinds of sources that stay where they are: keeping one keeps no picture. */
const LASTING = ['URL', 'Blob', 'File'];

/**
 * Reads pictures one after another.
 * @param skipped takes those that cannot be read, where they are to be left out
 * @throws InputError where there is none, or pixels and bytes come one after another and `keepBytes` is not set; ImageError
 */
export async function* readPictures(
  pictures: Pictures,
  { keepBytes = false, unreadable = 'fail' }: PicturesOptions,
  skipped: Skipped[],
): AsyncGenerator<NamedPicture> {
  if (unreadable !== 'fail' && unreadable !== 'skip')
    throw new InputError(`topPatches: unreadable must be 'fail' or 'skip', got ${JSON.stringify(unreadable)}`);
  const entries = typeof pictures === 'string' ? await inFolder(pictures) : pictures;
  const held = Array.isArray(entries);
  let read = 0;
  let seen = 0;
  for await (const entry of entries) {
    const { name, source } = named(entry, ++seen);
    if (!held && !keepBytes && typeof source !== 'string' && !LASTING.includes(kindOf(source)))
      throw new InputError(
        `topPatches: ${name} comes as ${kindOf(source)} from what gives pictures one after another, so it cannot be read again to cut patches: give paths, an array, or keepBytes: true`,
      );
    try {
      const picture = await readImage(source);
      read++;
      yield { name, source, picture };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (unreadable === 'fail') throw inPicture(name, error);
      skipped.push({ name, reason: error.message });
    }
  }
  if (read > 0) return;
  const where = typeof pictures === 'string' ? `in ${pictures}` : 'to look at';
  throw new InputError(
    seen === 0
      ? `topPatches: there are no pictures ${where}`
      : `topPatches: none of ${seen} pictures can be read; ${skipped[0]!.reason}`,
  );
}

const inFolder = async (folder: string): Promise<string[]> =>
  (await listPictures('topPatches', folder)).map(({ path }) => path);

function named(entry: PictureEntry, number: number): { name: string; source: ImageSource } {
  if (typeof entry === 'object' && entry !== null && 'source' in entry) return entry;
  const source = entry as ImageSource;
  if (typeof source === 'string' || kindOf(source) === 'URL') return { name: String(source), source };
  const { name } = source as { name?: unknown };
  return { name: typeof name === 'string' && name !== '' ? name : `picture ${number}`, source };
}

const inPicture = (name: string, error: ImageError): ImageError =>
  error.message.includes(name) ? error : new ImageError(`${name}: ${error.message}`, { cause: error });
