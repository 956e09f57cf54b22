/**
 * A gallery under one key of a store with `get` and `put`, as Cloudflare's KV has them.
 * @returns {import('facsimile/faces').GalleryStore}
 */
export const keyValueStore = (namespace, key = 'gallery') => ({
  async load() {
    const bytes = await namespace.get(key, 'arrayBuffer');
    return bytes ? new Uint8Array(bytes) : undefined;
  },
  async save(bytes) {
    await namespace.put(key, bytes);
  },
});
