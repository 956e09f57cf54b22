import { InputError } from '../../core/errors.ts';
import { nodeModule } from '../../core/host.ts';

/** A file that its name calls a picture, and its class. */
export interface ImageFile {
  readonly path: string;
  readonly class: string;
}

const PICTURE = /\.(png|jpe?g|p[gp]m|webp|avif|gif|tiff?)$/i;

/**
 * The pictures in the folders below a folder, sorted by name; what has no picture's name or starts with a dot is not looked at.
 * @throws InputError where it is no folder, or a picture lies in it and so in no class.
 */
export async function listImages(root: string): Promise<ImageFile[]> {
  const files = nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  if (!files) throw new InputError('folderDataset: there are no folders here; use arrayDataset or collectDataset');
  const found: ImageFile[] = [];
  const visit = async (folder: string, name: string): Promise<void> => {
    const entries = await files.readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(`folderDataset: cannot read the folder ${folder} (${error.code})`, { cause: error });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const path = `${folder.replace(/[/\\]+$/, '')}/${entry.name}`;
      const isFolder = entry.isSymbolicLink() ? (await files.stat(path)).isDirectory() : entry.isDirectory();
      if (isFolder) await visit(path, name === '' ? entry.name : `${name}/${entry.name}`);
      else if (PICTURE.test(entry.name)) {
        if (name === '')
          throw new InputError(`folderDataset: ${path} lies in no class: pictures go into a folder for each class`);
        found.push({ path, class: name });
      }
    }
  };
  await visit(root, '');
  return found;
}
