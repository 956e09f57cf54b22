import type { GalleryStore } from '../faces/store.ts';

/** A gallery kept in memory, for tests and for what need not outlive the process. */
export function memoryStore(): GalleryStore {
  let saved: Uint8Array | undefined;
  return {
    async load() {
      return saved?.slice();
    },
    async save(bytes) {
      saved = bytes.slice();
    },
  };
}
