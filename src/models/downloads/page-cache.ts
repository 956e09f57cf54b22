import { checkedHash } from './checked-hash.ts';
import type { Download } from './downloads.ts';
import type { WeightsCache } from './weights-cache.ts';

const NAME = 'facsimile';

/** The Cache API knows contents by URL: what is kept of a file is not what the file's own URL holds. */
const keyOf = ({ url, file }: Download): string => `${url}?facsimile=${file}`;

/** Keeps weights in the Cache API of a page or a worker. */
export const pageCache = (): WeightsCache => ({
  place: (download) => `the cache "${NAME}" of this origin, ${keyOf(download)}`,
  async find(download) {
    const answer = await (await caches.open(NAME)).match(keyOf(download));
    return answer?.blob();
  },
  async keep(download, content, _, onProgress) {
    const bytes = new Uint8Array(content.size);
    let at = 0;
    await content.stream(0, (piece) => {
      bytes.set(piece, at);
      at += piece.length;
      onProgress(at, content.size);
    });
    const found = await checkedHash(download, bytes);
    await (await caches.open(NAME)).put(keyOf(download), new Response(bytes));
    return found;
  },
});
