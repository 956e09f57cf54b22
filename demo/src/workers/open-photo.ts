import { type Picture, readImage } from 'facsimile/image';

/**
 * A photo's pixels. JPEG and PNG are decoded by the library, which gives the same pixels in every browser; other kinds by
 * the browser, if it can.
 */
export async function openPhoto(photo: Blob): Promise<Picture> {
  try {
    return await readImage(photo);
  } catch (error) {
    const bitmap = await createImageBitmap(photo).catch(() => undefined);
    if (!bitmap) throw error;
    try {
      return await readImage(bitmap);
    } finally {
      bitmap.close();
    }
  }
}
