/**
 * A place where one gallery is kept as bytes. `facsimile/stores` has one over a file; a database, a bucket or a
 * key-value store takes these two functions.
 */
export interface GalleryStore {
  /** The bytes that were saved last; undefined where nothing has been saved yet. */
  load(): Promise<Uint8Array | undefined>;
  /** Replaces what was saved: afterwards `load` gives these bytes, or the old ones where saving failed. */
  save(bytes: Uint8Array): Promise<void>;
}
