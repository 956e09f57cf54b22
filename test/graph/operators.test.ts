import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/graph/op.ts';

const folder = new URL('../../src/graph/ops/', import.meta.url);
const page = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');
const isOp = (value: unknown): value is Op => typeof (value as Op)?.forward === 'function';

const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
const modules = await Promise.all(
  files.map(async (file) => ({ file, exports: (await import(new URL(file, folder).href)) as Record<string, unknown> })),
);
const ops = modules.flatMap(({ file, exports }) =>
  Object.entries(exports).flatMap(([name, op]) => (isOp(op) ? [{ file, name, op }] : [])),
);

/** The text under an op's heading. */
const sectionOf = (name: string): string | undefined =>
  page.split(/^## /m).find((part) => part.startsWith(`${name}\n`));

describe('docs/operators.md', () => {
  it('finds the ops', () => expect(ops.length).toBeGreaterThan(12));

  it.each(ops)('$name: one name everywhere, and its parameters are documented', ({ file, name, op }) => {
    expect(op.name).toBe(name);
    expect(file).toBe(`${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`);
    const section = sectionOf(name);
    expect(section, 'a heading of its own').toBeDefined();
    for (const role of op.roles ?? []) expect(section).toContain(`\`${role}\``);
  });

  it('has no heading without an op', () => {
    const headings = [...page.matchAll(/^## (\w+)$/gm)].map((match) => match[1]!);
    expect(headings.sort()).toEqual(ops.map(({ name }) => name).sort());
  });
});
