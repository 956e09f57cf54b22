import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import type { GalleryStore } from '../faces/store.ts';

type Files = typeof import('node:fs/promises');
type Paths = typeof import('node:path');

/** Embeddings are biometric data: a new file is for its owner alone. */
const PRIVATE = 0o600;

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;

/**
 * A gallery in a file (Node, Bun, Deno). Saving writes a new file beside the old one, flushes it to the disk and renames
 * it into place: whatever happens meanwhile, the file holds the old gallery or the new one, whole. Where several
 * processes save at once, the last one wins. A new file is readable by its owner alone; an old one keeps its mode.
 *
 * @example
 * import { fileStore } from 'facsimile/stores';
 * const store = fileStore('people.gallery');
 * const gallery = await faces.openGallery(store); // empty where there is no file yet
 * await gallery.enroll('ada', 'ada.jpg');
 * await gallery.save(store);
 */
export function fileStore(path: string): GalleryStore {
  if (typeof path !== 'string' || path === '')
    throw new InputError(`fileStore: expected the path of a file, got ${JSON.stringify(path)}`);
  return {
    async load() {
      const { files } = node();
      try {
        return new Uint8Array(await files.readFile(path));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new InputError(`fileStore: cannot read ${path} (${codeOf(error)})`, { cause: error });
      }
    },
    async save(bytes) {
      const { files, paths } = node();
      try {
        await replaceFile(files, paths, path, bytes);
      } catch (error) {
        throw new InputError(`fileStore: cannot write ${path} (${codeOf(error) ?? error})`, {
          cause: error,
        });
      }
    },
  };
}

function node(): { files: Files; paths: Paths } {
  const files = nodeModule<Files>('node:fs/promises');
  const paths = nodeModule<Paths>('node:path');
  if (!files || !paths) throw new InputError('fileStore: there are no files here; use a GalleryStore of your own');
  return { files, paths };
}

async function replaceFile(files: Files, paths: Paths, path: string, bytes: Uint8Array): Promise<void> {
  const { target, mode } = await existing(files, path);
  const folder = paths.dirname(target);
  const temporary = paths.join(folder, `.${paths.basename(target)}.${crypto.randomUUID()}.tmp`);
  const file = await files.open(temporary, 'wx', mode);
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, target);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(files, folder);
}

/** The file behind a link, which is what must be replaced, and its mode. */
async function existing(files: Files, path: string): Promise<{ target: string; mode: number }> {
  try {
    const target = await files.realpath(path);
    return { target, mode: (await files.stat(target)).mode & 0o777 };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { target: path, mode: PRIVATE };
    throw error;
  }
}

/** Makes the new name last through a loss of power. Windows has no such call for folders. */
async function syncFolder(files: Files, folder: string): Promise<void> {
  const host = (globalThis as { process?: { platform?: string } }).process;
  if (host?.platform === 'win32') return;
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
