import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { binary as fastBinary } from '../../src/runtime/generated/core.fast.wasm.ts';
import { binary as coreBinary } from '../../src/runtime/generated/core.wasm.ts';
import { binary as learningBinary } from '../../src/runtime/generated/learning.wasm.ts';
import { hasRelaxedSimd } from '../../src/runtime/relaxed-simd.ts';
import { overSharedMemory } from '../../src/runtime/threads/share.ts';
import { readSections } from '../support/wasm-sections.ts';

const core = coreBinary.bytes();
const learning = learningBinary.bytes();
const fast = fastBinary.bytes();
/** Kernels of the fast build that stand in for others (src/runtime/relaxed-simd.ts). */
const SIX_ROWS = ['f32_gemm_6x8', 'f32_winograd_conv2d_6x8', 'f32_winograd_multiply_6x8'];

/** Names of the kernels in the generated interface, which is what the rest of the package may call. */
function kernelsOfTheInterface(): string[] {
  const source = readFileSync(new URL('../../src/runtime/generated/abi.ts', import.meta.url), 'utf8');
  return [...source.matchAll(/^ {2}(\w+)\(.*\): \w+;$/gm)].map((match) => match[1]!);
}

describe('the binaries that ship', () => {
  it.each([
    ['core', core],
    ['learning', learning],
    ['core.fast', fast],
  ])('%s is the one that was built last', (name, bytes) => {
    const file = readFileSync(new URL(`../../build/wasm/${name}.wasm`, import.meta.url));
    expect(Buffer.from(bytes).equals(file)).toBe(true);
  });

  it('the core uses no relaxed SIMD, the fast one does', () => {
    expect(WebAssembly.validate(core as BufferSource)).toBe(true);
    expect(WebAssembly.validate(fast as BufferSource)).toBe(hasRelaxedSimd());
    expect(Buffer.from(fast).equals(core)).toBe(false);
  });

  it('take at most 60 KB together, compressed', () => {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    const bytes = [core, learning, fast].reduce((sum, binary) => sum + brotliCompressSync(binary, quality).length, 0);
    expect(bytes).toBeLessThanOrEqual(60 * 1024);
  });
});

describe('the core and the kernels that learn', () => {
  it('share out the interface', () => {
    const names = [core, learning].flatMap((bytes) => readSections(bytes).exports.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(50);
    expect(names.sort()).toEqual(kernelsOfTheInterface().sort());
  });
});

const [coreNames, learningNames] = [core, learning].map((bytes) => readSections(bytes).exports.map(({ name }) => name));
const fastNames = [...coreNames!, ...learningNames!, ...SIX_ROWS];

describe.each([
  ['the core', core, coreNames!, false],
  ['the kernels that learn', learning, learningNames!, false],
  ['the fast core', fast, fastNames, false],
  ['the core over shared memory', overSharedMemory(core), coreNames!, true],
  ['the kernels that learn over shared memory', overSharedMemory(learning), learningNames!, true],
  ['the fast core over shared memory', overSharedMemory(fast), fastNames, true],
])('%s', (_, bytes, names, isShared) => {
  const sections = readSections(bytes);

  it('imports its memory and nothing else', () => {
    expect(sections.imports.map(({ module, name, kind }) => ({ module, name, kind }))).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
  });

  it('takes a memory of any size', () => {
    expect(sections.imports[0]!.memory).toEqual({ hasMaximum: isShared, isShared });
  });

  it('owns no state: no data, no start function, no global that changes', () => {
    expect(sections.dataSegments).toBe(0);
    expect(sections.hasStart).toBe(false);
    expect(sections.globals.filter(({ mutable }) => mutable)).toEqual([]);
  });

  it('exports its kernels and nothing else', () => {
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
