import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Engine } from '../../src/runtime/engine.ts';
import { binary as learning } from '../../src/runtime/generated/learning.wasm.ts';
import { init } from '../../src/runtime/init.ts';
import { coreModule, moduleOf } from '../../src/runtime/load.ts';

const file = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(new URL(`../../build/wasm/${name}.wasm`, import.meta.url)));
const bytes = file('core');

/** A kernel of an engine that is made now. */
function works(): boolean {
  const { kernels, memory, regions } = new Engine();
  const { address } = regions.allocate(64);
  memory.f32(address, 4).set([1, 2, 3, 4]);
  kernels.f32_activate(address, address, 4, 1, 2, 3);
  return memory.f32(address, 4).join() === '2,2,3,3';
}

describe('init', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('takes a module as it is', async () => {
    const module = new WebAssembly.Module(bytes);
    await init(module);
    expect(coreModule()).toBe(module);
    expect(works()).toBe(true);
  });

  it.each([
    ['bytes', bytes],
    ['a view of other bytes', Uint8Array.from([1, 2, 3, ...bytes]).subarray(3)],
    ['an ArrayBuffer', bytes.buffer],
    ['a promise', Promise.resolve(bytes)],
    ['a response', new Response(bytes)],
  ])('compiles %s', async (_, source) => {
    const before = coreModule();
    await init(source);
    expect(coreModule()).not.toBe(before);
    expect(works()).toBe(true);
  });

  it('knows the kernels that learn from the core', async () => {
    const before = coreModule();
    const module = new WebAssembly.Module(file('learning'));
    await init(module);
    expect(moduleOf(learning)).toBe(module);
    expect(coreModule()).toBe(before);
    const engine = new Engine();
    expect('f32_adam' in engine.kernels).toBe(false);
    engine.need(learning);
    expect('f32_adam' in engine.kernels).toBe(true);
  });

  it('fetches a URL', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: URL) => {
      asked.push(url.href);
      return new Response(bytes);
    });
    const before = coreModule();
    await init(new URL('https://example.org/core.wasm'));
    expect(asked).toEqual(['https://example.org/core.wasm']);
    expect(coreModule()).not.toBe(before);
  });

  it('without a source compiles what the package has, and keeps what is there', async () => {
    const before = coreModule();
    await init();
    expect(coreModule()).toBe(before);
  });

  it.each([
    ['an answer without success', new Response('gone', { status: 404 }), 'init: cannot read the response: status 404'],
    ['what is no WebAssembly', Uint8Array.of(1, 2, 3), 'init: these 3 bytes are no WebAssembly'],
    ['another WebAssembly', file('jpeg'), 'init: this WebAssembly is neither facsimile/core.wasm nor learning.wasm'],
    [
      'a path',
      'core.wasm',
      'init: expected facsimile/core.wasm as a WebAssembly.Module, bytes, a Response or a URL, got string',
    ],
  ])('refuses %s and changes nothing', async (_, source, message) => {
    const before = coreModule();
    await expect(init(source as Response)).rejects.toThrow(message);
    expect(coreModule()).toBe(before);
  });
});
