import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { exports, sideEffects } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>;
  sideEffects: boolean;
};
const entries = Object.entries(exports).flatMap(([entry, target]) => (typeof target === 'string' ? [] : [entry]));
const flavours = ['inline', 'workerd', 'edge-light'] as const;
const built = existsSync(join(root, 'dist/inline'));
if (!built) console.warn('tests of the built package are skipped: npm run build makes dist');

/** What code imports and re-exports statically, and what it may import later. */
const staticImports = (code: string): string[] =>
  [...code.matchAll(/^(?:import|export) (?:.*from )?'([^']+)'/gm)].map((match) => match[1]!);
const laterImports = (code: string): string[] => [...code.matchAll(/import\('([^']+)'/g)].map((match) => match[1]!);

/** Files of dist that the entries of a flavour lead to, with their code: the command line's own chunks are not among them. */
function filesOf(flavour: string): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    const code = readFileSync(join(root, 'dist', file), 'utf8');
    files.set(file, code);
    for (const path of [...staticImports(code), ...laterImports(code)])
      if (path.startsWith('.') && path.endsWith('.js')) visit(join(dirname(file), path));
  };
  for (const entry of entries) visit(join(flavour, `${entry === '.' ? 'index' : entry.slice(2)}.js`));
  return files;
}

describe('the exports of package.json', () => {
  it('name every room that has an index, and no other', () => {
    const rooms = readdirSync(join(root, 'src')).filter((room) => existsSync(join(root, 'src', room, 'index.ts')));
    expect(entries.sort()).toEqual(['.', ...rooms.map((room) => `./${room}`)].sort());
  });

  // wrangler sets the condition `browser` too, so that its own must come before any other.
  it.each(entries)('%s has types, then a file of each flavour, in this order', (entry) => {
    const [name, room] = entry === '.' ? ['index', ''] : [entry.slice(2), `${entry.slice(2)}/`];
    expect(Object.entries(exports[entry]!)).toEqual([
      ['types', `./dist/types/${room}index.d.ts`],
      ['workerd', `./dist/workerd/${name}.js`],
      ['edge-light', `./dist/edge-light/${name}.js`],
      ['default', `./dist/inline/${name}.js`],
    ]);
  });

  it('promise that modules have no side effects', () => {
    expect(sideEffects).toBe(false);
  });

  it.skipIf(!built)('lead to files that are there', () => {
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? target : Object.values(target),
    );
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });
});

describe.skipIf(!built).each(flavours)('the flavour %s', (flavour) => {
  const files = built ? [...filesOf(flavour)] : [];

  it('gives what the sources give, under each entry', () => {
    const names = (file: string): string[] =>
      [...readFileSync(join(root, 'dist', file), 'utf8').matchAll(/^export \{([^}]*)\}/gm)]
        .flatMap((match) => match[1]!.split(',').map((name) => name.trim().replace(/.* as /, '')))
        .sort();
    for (const entry of entries.map((name) => (name === '.' ? 'index' : name.slice(2)))) {
      expect(names(`${flavour}/${entry}.js`).length).toBeGreaterThan(0);
      expect(names(`${flavour}/${entry}.js`)).toEqual(names(`inline/${entry}.js`));
    }
  });

  // Next's webpack scans the text of edge code for the first, pages with a strict policy refuse evaluation, and bundlers read
  // import.meta in many ways: only what draws text in Node uses it.
  it.each([
    [/WebAssembly\.(?:compile|instantiate)/, /^$/],
    [/\beval\(|new Function/, /^$/],
    [/import\.meta/, /report|typesetter/],
  ])('never says %s', (text, exempt) => {
    const say = files.filter(([file, code]) => text.test(code) && !exempt.test(file));
    expect(say.map(([file]) => file)).toEqual([]);
  });

  // It breaks require(), bundles of other formats and old Safari. Rollup leaves what is at the top unindented.
  it('awaits nothing at the top', () => {
    expect(
      files.filter(([, code]) => /^(?:const \w+ = |let \w+ = |)await\b/m.test(code)).map(([file]) => file),
    ).toEqual([]);
  });

  it('imports wasm of the package where the host compiles it, and carries it elsewhere', () => {
    const imported = files.flatMap(([file, code]) =>
      staticImports(code).flatMap((path) => (path.includes('.wasm') ? join(dirname(file), path) : [])),
    );
    const suffix = { inline: '', workerd: '', 'edge-light': '?module' }[flavour];
    const shipped = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.wasm'));
    expect(shipped).toContain('core.wasm');
    expect(imported.sort()).toEqual(flavour === 'inline' ? [] : shipped.map((name) => `${name}${suffix}`).sort());
    expect(files.some(([, code]) => code.includes("embeddedBinary('"))).toBe(flavour === 'inline');
  });

  it('imports small packages alone statically, and no module of Node', () => {
    const packages = new Set(files.flatMap(([, code]) => staticImports(code)).filter((path) => !path.startsWith('.')));
    expect([...packages].filter((name) => name !== 'fflate')).toEqual([]);
  });
});
