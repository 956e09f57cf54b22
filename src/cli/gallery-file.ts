import { InputError } from '../core/errors.ts';
import type { Faces } from '../faces/faces.ts';
import type { Gallery, GalleryOptions } from '../faces/gallery.ts';
import { fileStore } from '../stores/file.ts';

/**
 * The gallery in a file that must be there.
 * @throws InputError that says how to make one.
 */
export async function existingGallery(path: string, faces: Faces, options: GalleryOptions): Promise<Gallery> {
  const store = fileStore(path);
  if ((await store.load()) === undefined)
    throw new InputError(`there is no gallery at ${path}; "facsimile enroll NAME PHOTO --gallery ${path}" makes one`);
  return faces.openGallery(store, options);
}
