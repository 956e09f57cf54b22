import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';

/** A file that its name calls a picture. */
export interface PictureFile {
  readonly path: string;
  /** Its folder below the one that was named, '' for that one itself. */
  readonly folder: string;
}

const PICTURE = /\.(png|jpe?g|p[gp]m|webp|avif|gif|tiff?)$/i;

/**
 * The pictures in a folder and in those below it, sorted by name; what has no picture's name or starts with a dot is not
 * looked at.
 * @param who What asks, for errors.
 * @throws InputError where a folder cannot be read, or this host has none.
 */
export async function listPictures(who: string, root: string): Promise<PictureFile[]> {
  const files = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  if (!files) throw new InputError(`${who}: there are no folders here: pass the pictures themselves`);
  const found: PictureFile[] = [];
  const visit = async (path: string, name: string): Promise<void> => {
    const entries = await files.readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(`${who}: cannot read the folder ${path} (${error.code})`, { cause: error });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const inside = `${path.replace(/[/\\]+$/, '')}/${entry.name}`;
      const isFolder = entry.isSymbolicLink() ? (await files.stat(inside)).isDirectory() : entry.isDirectory();
      if (isFolder) await visit(inside, name === '' ? entry.name : `${name}/${entry.name}`);
      else if (PICTURE.test(entry.name)) found.push({ path: inside, folder: name });
    }
  };
  await visit(root, '');
  return found;
}
