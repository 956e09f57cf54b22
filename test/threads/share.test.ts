import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { overSharedMemory } from '../../src/runtime/threads/share.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'facsimile-share-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** One file of kernels as the compiler makes it, apart from the package's own configuration. */
function compile(name: string, ...flags: string[]): Uint8Array {
  const [file, config] = [join(directory, `${name}.wasm`), join(directory, 'none.json')];
  writeFileSync(config, '{}');
  const fixed = ['--runtime', 'stub', '--use', 'abort=', '--importMemory', '--noExportMemory', '--noAssert', '-O1'];
  const all = ['gemm/transpose.ts', '--config', config, ...fixed, '--enable', 'simd', ...flags, '--outFile', file];
  execFileSync(process.execPath, [join(root, 'node_modules/assemblyscript/bin/asc.js'), ...all], {
    cwd: join(root, 'assembly'),
    stdio: 'pipe',
  });
  return readFileSync(file);
}

const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
const moduleOf = (...sections: number[][]): Uint8Array =>
  Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
const memory = (...limits: number[]): number[] => section(2, 1, ...name('env'), ...name('memory'), 2, ...limits);

describe('overSharedMemory', () => {
  it('makes what the compiler makes with threads enabled, byte for byte', () => {
    const threads = compile('threads', '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536');
    const plain = compile('plain');
    expect(Buffer.from(overSharedMemory(plain)).equals(threads)).toBe(true);
    expect(Buffer.from(plain).equals(threads)).toBe(false);
  });

  it('keeps what lies before and behind the imports, at sizes of one byte and of two', () => {
    const before = section(1, 0);
    const behind = section(0, ...name('x'), ...new Array(100).fill(7));
    const shared = overSharedMemory(moduleOf(before, memory(0, 5), behind));
    expect(shared).toEqual(moduleOf(before, memory(3, 5, 0x80, 0x80, 4), behind));
    const grown = overSharedMemory(moduleOf(section(2, 1, ...name('e'.repeat(115)), ...name('memory'), 2, 0, 5)));
    expect(grown.subarray(0, 12)).toEqual(Uint8Array.from([...moduleOf(), 2, 0x82, 1, 1]));
    expect(WebAssembly.validate(grown as BufferSource)).toBe(true);
  });

  it.each([
    ['a memory with a maximum', moduleOf(memory(1, 5, 6))],
    ['two imports', moduleOf(section(2, 2, ...name('a'), ...name('b'), 2, 0, 1, ...name('a'), ...name('c'), 2, 0, 1))],
    ['no imports', moduleOf(section(1, 0))],
  ])('refuses a module with %s', (_, bytes) => {
    expect(() => overSharedMemory(bytes)).toThrow(RangeError);
  });
});
