import { InputError } from '../../core/errors.ts';
import { listPictures } from '../../image/picture-files.ts';

/** A file that its name calls a picture, and its class. */
export interface ImageFile {
  readonly path: string;
  readonly class: string;
}

/**
 * The pictures in the folders below a folder, sorted by name; what has no picture's name or starts with a dot is not looked at.
 * @throws InputError where it is no folder, or a picture lies in it and so in no class.
 */
export async function listImages(root: string): Promise<ImageFile[]> {
  const pictures = await listPictures('folderDataset', root);
  const outside = pictures.find(({ folder }) => folder === '');
  if (outside)
    throw new InputError(`folderDataset: ${outside.path} lies in no class: pictures go into a folder for each class`);
  return pictures.map(({ path, folder }) => ({ path, class: folder }));
}
