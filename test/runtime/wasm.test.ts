import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHex } from '../../src/core/hex.ts';
import { coreHex } from '../../src/runtime/generated/binary.ts';
import { readSections } from '../support/wasm-sections.ts';

const bytes = decodeHex(coreHex);
const sections = readSections(bytes);

/** Names of the kernels in the generated interface, which is what the rest of the package may call. */
function kernelsOfTheInterface(): string[] {
  const source = readFileSync(new URL('../../src/runtime/generated/abi.ts', import.meta.url), 'utf8');
  return [...source.matchAll(/^ {2}(\w+)\(.*\): \w+;$/gm)].map((match) => match[1]!);
}

describe('the core that ships', () => {
  it('is the one that was built last', () => {
    expect(Buffer.from(bytes).equals(readFileSync(new URL('../../build/wasm/core.wasm', import.meta.url)))).toBe(true);
  });

  it('imports its memory and nothing else', () => {
    expect(sections.imports.map(({ module, name, kind }) => ({ module, name, kind }))).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
  });

  it('takes a memory of any size that is not shared', () => {
    expect(sections.imports[0]!.memory).toEqual({ hasMaximum: false, isShared: false });
  });

  it('owns no state: no data, no start function, no global that changes', () => {
    expect(sections.dataSegments).toBe(0);
    expect(sections.hasStart).toBe(false);
    expect(sections.globals.filter(({ mutable }) => mutable)).toEqual([]);
  });

  it('exports the kernels of the interface and nothing else', () => {
    const names = kernelsOfTheInterface();
    expect(names.length).toBeGreaterThan(10);
    expect(sections.exports.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(sections.exports.every(({ kind }) => kind === 'function')).toBe(true);
  });
});

describe('readSections', () => {
  it('sees state where a module has some', () => {
    const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
    const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
    const stateful = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, 1, 0x60, 0, 0),
      ...section(2, 2, ...name('env'), ...name('memory'), 2, 1, 1, 2, ...name('env'), ...name('f'), 0, 0),
      ...section(3, 1, 0),
      ...section(
        6,
        3,
        0x7f,
        1,
        0x41,
        5,
        0x0b,
        0x7d,
        0,
        0x43,
        0,
        0,
        0,
        0,
        0x0b,
        0x7c,
        1,
        0x44,
        ...new Array(8).fill(0),
        0x0b,
      ),
      ...section(7, 1, ...name('g'), 3, 0),
      ...section(8, 1),
      ...section(10, 1, 2, 0, 0x0b),
      ...section(11, 1, 0, 0x41, 0, 0x0b, 1, 42),
    ]);
    expect(WebAssembly.validate(stateful)).toBe(true);
    expect(readSections(stateful)).toEqual({
      imports: [
        { module: 'env', name: 'memory', kind: 'memory', memory: { hasMaximum: true, isShared: false } },
        { module: 'env', name: 'f', kind: 'function' },
      ],
      exports: [{ name: 'g', kind: 'global' }],
      globals: [{ mutable: true }, { mutable: false }, { mutable: true }],
      hasStart: true,
      dataSegments: 1,
    });
  });
});
