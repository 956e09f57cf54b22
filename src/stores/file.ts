import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import type { GalleryStore } from '../faces/store.ts';
import { replaceFile } from '../io/replace-file.ts';

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
      const files = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
      if (!files) throw new InputError('fileStore: there are no files here; use a GalleryStore of your own');
      try {
        return new Uint8Array(await files.readFile(path));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new InputError(`fileStore: cannot read ${path} (${codeOf(error)})`, { cause: error });
      }
    },
    save: (bytes) => replaceFile('fileStore', path, bytes, PRIVATE),
  };
}
