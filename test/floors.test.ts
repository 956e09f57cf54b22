import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** The house from the ground up: a room imports from its own and from lower floors only. */
const floors = [
  ['core'],
  ['runtime'],
  ['graph'],
  ['optimize', 'image', 'signal', 'io'],
  ['report'],
  ['volumes'],
  ['models'],
  ['metric'],
  ['faces', 'style', 'inspect'],
  ['stores', 'interop', 'digest', 'worker'],
  ['cli'],
  ['index'],
];
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.includes('generated'),
);
const roomOf = (file: string): string => file.replace(/\.ts$/, '').split('/')[0]!;
const importsOf = (file: string): string[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(src, join(src, dirname(file), match[1]!)),
  );

describe('floors', () => {
  it('knows every room', () => {
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) expect(floorOf.has(roomOf(file)), `src/${file} stands on a floor`).toBe(true);
  });

  it.each(files)('%s imports downwards', (file) => {
    const room = roomOf(file);
    for (const imported of importsOf(file)) {
      const other = roomOf(imported);
      const below = other === room || floorOf.get(other)! < floorOf.get(room)!;
      expect(below, `src/${file} must not import src/${imported}`).toBe(true);
    }
  });

  it('has no circle', () => {
    const state = new Map<string, 'open' | 'done'>();
    const visit = (file: string, path: string[]): void => {
      if (state.get(file) === 'done') return;
      expect(state.get(file), `circle: ${[...path, file].join(' → ')}`).not.toBe('open');
      state.set(file, 'open');
      for (const next of importsOf(file)) if (files.includes(next)) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
  });

  it('lets index files only re-export', () => {
    for (const file of files.filter((file) => file.endsWith('index.ts'))) {
      const code = readFileSync(join(src, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '');
      const rest = code.replace(/export\s+(?:type\s+)?(?:\*|\{[^}]*\})(?:\s+as\s+\w+)?\s+from\s+'[^']+';/g, '').trim();
      expect(rest, `src/${file}`).toBe('');
    }
  });
});
