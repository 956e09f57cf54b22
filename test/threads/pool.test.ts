import { Worker as NodeWorker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError, OutOfMemoryError, ThreadError, UnsupportedError } from '../../src/core/errors.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import { instantiate } from '../../src/runtime/load.ts';
import { allKernels } from '../../src/runtime/other-core.ts';
import { Pool } from '../../src/runtime/threads/pool.ts';

const engines: Engine[] = [];
const started = async (threads: number): Promise<Engine> => {
  const engine = await createEngine({ threads });
  engines.push(engine);
  return engine;
};
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

/** The arguments of f32_activate for n floats in place: x → max(x, 0). */
const relu = (address: number, n: number) => [address, address, n, 1, 0, Number.POSITIVE_INFINITY] as const;
const OUTSIDE = 2 ** 31;

/** Again until it is so: on a busy machine another thread may not get to run for a while. */
function untilTrue(happened: () => boolean): void {
  const end = performance.now() + 30_000;
  while (!happened() && performance.now() < end);
}

describe('Engine.each', () => {
  it.each([1, 2, 3])('makes each call once, on %i threads', async (threads) => {
    const engine = await started(threads);
    const [count, row] = [5000, 9];
    const { address } = engine.regions.allocate(count * row * 4);
    engine.memory.f32(address, count * row).fill(1);
    // x → 2x in place: a call that is made twice shows.
    const twice = Array.from({ length: count }, (_, i) => {
      const at = address + i * row * 4;
      return [at, at, at, row, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    });
    for (let run = 1; run <= 3; run++) {
      engine.each('f32_add', twice);
      expect(engine.memory.f32(address, count * row).every((value) => value === 2 ** run)).toBe(true);
    }
    engine.each('f32_add', []);
  });

  it('gives every thread scratch of its own', async () => {
    const engine = await started(3);
    const n = 16384;
    const x = engine.regions.allocate(n * 4).address;
    const scratch = engine.regions.allocate(3 * n * 4).address;
    engine.memory.f32(x, n).fill(7);
    engine.memory.f32(scratch, 3 * n).fill(0);
    // The call's `out` is its scratch: who made a call left sevens in its own.
    const call = [scratch, x, n, 1, 0, Number.POSITIVE_INFINITY] as const;
    const left = () => [0, 1, 2].map((thread) => engine.memory.f32(scratch + thread * n * 4, n)[n - 1]);
    untilTrue(() => {
      engine.each('f32_activate', new Array(60).fill(call), { argument: 0, bytes: n * 4 });
      return !left().includes(0);
    });
    expect(left()).toEqual([7, 7, 7]);
  });

  it('sees memory that grew after the threads started', async () => {
    const engine = await started(2);
    const before = engine.memory.bytes;
    const { address, bytes } = engine.regions.allocate(40 << 20);
    expect(engine.memory.bytes).toBeGreaterThan(before);
    engine.memory.f32(address, bytes / 4).fill(-1);
    const part = bytes / 4 / 64;
    engine.each(
      'f32_activate',
      Array.from({ length: 64 }, (_, i) => relu(address + i * part * 4, part)),
    );
    expect(engine.memory.f32(address, bytes / 4).every((value) => value === 0)).toBe(true);
  });

  it('throws what a kernel throws, in whichever thread, and goes on afterwards', async () => {
    const engine = await started(2);
    const n = 2 ** 18;
    const { address } = engine.regions.allocate(n * 4);
    const goesOn = () => {
      engine.memory.f32(address, 64).fill(-1);
      engine.each('f32_activate', [relu(address, 32), relu(address + 128, 32)]);
      expect(engine.memory.f32(address, 64).every((value) => value === 0)).toBe(true);
    };
    expect(() => engine.each('f32_activate', [relu(OUTSIDE, 64)])).toThrow(WebAssembly.RuntimeError);
    goesOn();
    // The calling thread begins with the first half, which takes a while; the other thread with the second.
    const calls = [...new Array(50).fill(relu(address, n)), ...new Array(50).fill(relu(OUTSIDE, 64))];
    let caught: unknown;
    untilTrue(() => {
      try {
        engine.each('f32_activate', calls);
      } catch (error) {
        caught = error;
      }
      goesOn();
      return caught instanceof ThreadError;
    });
    expect(String(caught)).toMatch(/^ThreadError: engine: f32_activate failed in thread 1: RuntimeError: .*memory/);
  });

  it('throws after close', async () => {
    const engine = await started(2);
    engine.close();
    engine.close();
    expect(() => engine.each('f32_activate', [relu(1024, 4), relu(2048, 4)])).toThrow('engine: it is closed');
  });
});

/** A worker that a pool takes for one of a page, backed by Node's. */
function pageWorker(source: string): Worker {
  const inner = new NodeWorker(source, { eval: true });
  const worker = {
    onmessage: (_: unknown) => {},
    onerror: (_: unknown) => {},
    postMessage: (message: unknown) => inner.postMessage(message),
    terminate: () => void inner.terminate(),
    inner,
  };
  inner.on('message', (data) => worker.onmessage({ data }));
  inner.on('error', ({ message }) => worker.onerror({ message }));
  return worker as unknown as Worker;
}

async function poolWith(createWorker: () => Worker, patience: number): Promise<Pool> {
  const modules = await allKernels('reproducible', true);
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 4, shared: true });
  return Pool.start({ modules, memory, kernels: instantiate(memory, ...modules), threads: 2, createWorker, patience });
}

describe('a thread that is lost', () => {
  it('is an error, not a hang, where it vanishes with a call in its hands', async () => {
    const takesAndDies = `
      const { parentPort } = require('node:worker_threads');
      parentPort.once('message', ({ control, layout }) => {
        const words = new Int32Array(control, 0, layout.words);
        parentPort.postMessage('ready');
        for (;;) {
          const left = Atomics.load(words, layout.left);
          if (left > 0 && Atomics.compareExchange(words, layout.left, left, left - 1) === left) break;
        }
        process.exit(3);
      });`;
    const pool = await poolWith(() => pageWorker(takesAndDies), 400);
    const calls = Array.from({ length: 20_000 }, () => relu(1024, 2000));
    let thrown: unknown;
    untilTrue(() => {
      try {
        pool.run('f32_activate', calls);
      } catch (error) {
        thrown = error;
      }
      return thrown !== undefined;
    });
    expect(String(thrown)).toBe(
      'ThreadError: engine: f32_activate did not come back from a thread for 0.4 s: it is lost',
    );
    expect(() => pool.run('f32_activate', calls)).toThrow(ThreadError);
  });

  it('is an error at the next run where it ends between runs', async () => {
    const idle = `
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', () => parentPort.postMessage('ready'));`;
    let worker!: Worker;
    const pool = await poolWith(() => (worker = pageWorker(idle)), 400);
    worker.onerror!({ message: 'out of memory' } as ErrorEvent);
    expect(() => pool.run('f32_activate', [])).toThrow('engine: thread 1 of 2 is gone: out of memory');
    pool.close();
  });

  it('rejects the start where a thread cannot start', async () => {
    const broken = () => pageWorker('throw new Error("no policy for this");');
    await expect(poolWith(broken, 400)).rejects.toThrow('engine: thread 1 of 2 is gone: no policy for this');
  });
});

describe('createEngine', () => {
  it('is synchronous unless threads or a precision are asked for', async () => {
    expect(createEngine().threads).toBe(1);
    expect(createEngine({ maxBytes: 1 << 20 }).precision).toBe('reproducible');
    const one = createEngine({ threads: 1 });
    expect(one).toBeInstanceOf(Promise);
    expect((await one).threads).toBe(1);
  });

  it('keeps to maxBytes in shared memory', async () => {
    const engine = await createEngine({ threads: 2, maxBytes: 1 << 20 });
    engines.push(engine);
    expect(() => engine.regions.allocate(2 << 20)).toThrow(OutOfMemoryError);
    expect(engine.regions.allocate(900_000).address).toBeGreaterThan(0);
  });

  it.each([0, -1, 1.5, 65, Number.NaN, '2' as unknown as number])('refuses %s threads', async (threads) => {
    await expect(createEngine({ threads })).rejects.toThrow(InputError);
  });

  it('refuses a precision that it does not know', async () => {
    await expect(createEngine({ precision: 'exact' as 'fast' })).rejects.toThrow("must be 'reproducible' or 'fast'");
  });

  it('runs on the calling thread, and says so, where memory cannot be shared', async () => {
    const Shared = globalThis.SharedArrayBuffer;
    Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
    try {
      expect((await createEngine({ threads: 4 })).threads).toBe(1);
    } finally {
      globalThis.SharedArrayBuffer = Shared;
    }
  });

  it("refuses a page's main thread, which may not wait, and names the way out", async () => {
    const { wait } = Atomics;
    Atomics.wait = () => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    };
    try {
      await expect(createEngine({ threads: 2 })).rejects.toThrow(UnsupportedError);
      await expect(createEngine({ threads: 2 })).rejects.toThrow('facsimile/worker');
    } finally {
      Atomics.wait = wait;
    }
  });
});
