import type { Picture } from '../../image/image.ts';

/** Bytes of decoded photos that are kept. */
const MOST_BYTES = 96 * 2 ** 20;

/** Photos that were read lately: the strongest patches of many units lie in the same ones. */
export class PhotoCache {
  readonly #photos = new Map<string, Picture>();
  #bytes = 0;

  /** A photo by its name, read where it is not known. */
  async get(name: string, read: () => Promise<Picture>): Promise<Picture> {
    const known = this.#photos.get(name);
    if (known) {
      this.#photos.delete(name);
      this.#photos.set(name, known);
      return known;
    }
    const photo = await read();
    this.#photos.set(name, photo);
    this.#bytes += photo.data.length;
    for (const [oldest, { data }] of this.#photos) {
      if (this.#bytes <= MOST_BYTES || oldest === name) break;
      this.#photos.delete(oldest);
      this.#bytes -= data.length;
    }
    return photo;
  }
}
