import type { Kernels } from './generated/abi.ts';
import { coreModule, instantiate } from './load.ts';
import type { Machine, ThreadScratch } from './machine.ts';
import { Memory } from './memory.ts';
import { type Region, Regions } from './regions.ts';

export interface EngineOptions {
  /** The most that wasm memory may grow to, in bytes. Default: 4 GiB less a page, what 32-bit addresses reach. */
  readonly maxBytes?: number;
  /** A core compiled elsewhere, where bytes may not be compiled at run time. */
  readonly module?: WebAssembly.Module;
}

const ADDRESSABLE = 65535 * 65536;

/**
 * One instance of the core with its memory: kernels, long-lived regions, and one workspace that the plans of this
 * engine use one after another. Engines share nothing; wasm memory never shrinks, so dropping an engine is what frees it.
 */
export class Engine implements Machine {
  readonly kernels: Kernels;
  readonly memory: Memory;
  readonly regions: Regions;
  #workspace: Region | undefined;

  constructor(options: EngineOptions = {}) {
    this.memory = new Memory(
      new WebAssembly.Memory({ initial: 1 }),
      Math.min(options.maxBytes ?? ADDRESSABLE, ADDRESSABLE),
    );
    this.regions = new Regions(this.memory);
    this.kernels = instantiate(options.module ?? coreModule(), this.memory.wasm);
  }

  get threads(): number {
    return 1;
  }

  each<K extends keyof Kernels>(
    kernel: K,
    calls: readonly Readonly<Parameters<Kernels[K]>>[],
    _scratch?: ThreadScratch,
  ): void {
    const run = this.kernels[kernel] as (...args: readonly number[]) => void;
    for (const call of calls) run(...(call as readonly number[]));
  }

  /**
   * Address of a workspace of at least `bytes`. What was in it is gone, and it may move: nobody keeps it across a call
   * that can reserve.
   */
  workspace(bytes: number): number {
    if (!this.#workspace || this.#workspace.bytes < bytes) {
      if (this.#workspace) this.regions.free(this.#workspace);
      this.#workspace = undefined;
      this.#workspace = this.regions.allocate(bytes);
    }
    return this.#workspace.address;
  }

  /** Runs `use` with `bytes` of memory that is given back afterwards, whatever happens. */
  borrow<T>(bytes: number, use: (address: number) => T): T {
    const region = this.regions.allocate(bytes);
    try {
      return use(region.address);
    } finally {
      this.regions.free(region);
    }
  }
}

/** A separate engine with its own memory. */
export const createEngine = (options?: EngineOptions): Engine => new Engine(options);

let shared: Engine | undefined;

/** The engine that everything uses unless told otherwise, made at first use. */
export function defaultEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
