import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** An entry of the built package as its users get it: `library('./graph')` is `import('facsimile/graph')`. */
export function library(entry) {
  const target = exports[entry];
  if (!target) throw new Error(`bench: package.json has no export "${entry}"`);
  return import(new URL(target.default ?? target, root).href);
}
