import { isNode } from '../package-weights.ts';
import { cacheFolder } from './cache-folder.ts';
import { folderCache } from './folder-cache.ts';
import { pageCache } from './page-cache.ts';
import type { WeightsCache } from './weights-cache.ts';

/** The cache of this host: a folder in Node, the Cache API in pages and workers; undefined where there is neither. */
export function hostCache(): WeightsCache | undefined {
  const folder = isNode() ? cacheFolder() : undefined;
  if (folder !== undefined) return folderCache(folder);
  return 'caches' in globalThis ? pageCache() : undefined;
}
