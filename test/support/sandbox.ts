import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Engine } from '../../src/runtime/engine.ts';

const debugModule = new WebAssembly.Module(readFileSync(new URL('../../build/wasm/core.debug.wasm', import.meta.url)));
const GUARD = 0xdeadbeef | 0;
const GUARD_WORDS = 16;

/**
 * Kernel calls on the core built with asserts. Every buffer lies between guard words, outputs start as NaN; `check` fails
 * where a kernel wrote outside of what it was given or changed an input.
 */
export class Sandbox {
  readonly engine = new Engine({ module: debugModule });
  readonly kernels = this.engine.kernels;
  readonly #buffers: { address: number; words: number; original?: Int32Array }[] = [];

  /** Copies `values` into memory between guards. */
  input(values: ArrayLike<number>): number {
    const address = this.#guarded(values.length);
    this.engine.memory.f32(address, values.length).set(Array.from(values));
    this.#buffers.at(-1)!.original = this.engine.memory.i32(address, values.length).slice();
    return address;
  }

  /** Bytes (a picture) between guards, padded to whole words. */
  inputBytes(values: ArrayLike<number>): number {
    const padded = new Uint8Array(Math.ceil(values.length / 4) * 4);
    padded.set(Array.from(values));
    const words = new Int32Array(padded.buffer);
    const address = this.#guarded(words.length);
    this.engine.memory.i32(address, words.length).set(words);
    this.#buffers.at(-1)!.original = words;
    return address;
  }

  /** Room for `length` floats, NaN at first. */
  output(length: number): number {
    const address = this.#guarded(length);
    this.engine.memory.f32(address, length).fill(Number.NaN);
    return address;
  }

  read(address: number, length: number): Float32Array {
    return this.engine.memory.f32(address, length).slice();
  }

  readInts(address: number, length: number): Int32Array {
    return this.engine.memory.i32(address, length).slice();
  }

  /** Fails where a guard or an input changed. */
  check(): void {
    for (const { address, words, original } of this.#buffers) {
      const before = this.engine.memory.i32(address - GUARD_WORDS * 4, GUARD_WORDS);
      const after = this.engine.memory.i32(address + words * 4, GUARD_WORDS);
      expect(
        [...before, ...after].every((word) => word === GUARD),
        'guard words are intact',
      ).toBe(true);
      if (original) expect(this.engine.memory.i32(address, words), 'inputs are unchanged').toEqual(original);
    }
  }

  #guarded(words: number): number {
    const region = this.engine.regions.allocate((words + 2 * GUARD_WORDS) * 4);
    const address = region.address + GUARD_WORDS * 4;
    this.engine.memory.i32(region.address, GUARD_WORDS).fill(GUARD);
    this.engine.memory.i32(address + words * 4, GUARD_WORDS).fill(GUARD);
    this.#buffers.push({ address, words });
    return address;
  }
}
