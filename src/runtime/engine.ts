import type { Binary } from '../core/binary.ts';
import type { Kernels } from './generated/abi.ts';
import { coreModule, instantiate, moduleOf, type Precision } from './load.ts';
import type { Machine, ThreadScratch } from './machine.ts';
import { Memory } from './memory.ts';
import { type Region, Regions } from './regions.ts';
import type { Pool } from './threads/pool.ts';

export interface EngineOptions {
  /** The most that wasm memory may grow to, in bytes. Default: 4 GiB less a page, what 32-bit addresses reach. */
  readonly maxBytes?: number;
  /** A core compiled elsewhere, where bytes may not be compiled at run time. It runs on the calling thread. */
  readonly module?: WebAssembly.Module;
}

/** An engine that takes a moment to start: it has threads, or another build of the core. */
export interface AsyncEngineOptions extends EngineOptions {
  /**
   * How many threads run kernels, the calling one included. Results are the same bits for any number. Where the host has
   * no threads over shared memory (edge runtimes, pages that are not cross-origin isolated) the engine has one.
   */
  readonly threads?: number;
  /** `fast` is not bit-identical across hosts. Default: `reproducible`. */
  readonly precision?: Precision;
  /** Makes a worker that runs `facsimile/thread.js`, for pages whose policy forbids workers from `blob:`. */
  readonly createWorker?: () => Worker;
}

export const PAGE = 65536;
const ADDRESSABLE = 65535 * PAGE;

export interface Core {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly precision: Precision;
  readonly pool?: Pool;
  /** Whether it has every kernel of the package from the start. */
  readonly whole?: boolean;
}

function plainCore(module: WebAssembly.Module, precision: Precision = 'reproducible'): Core {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return { kernels: instantiate(memory, module), memory, precision };
}

export const largest = ({ maxBytes = ADDRESSABLE }: EngineOptions): number => Math.min(maxBytes, ADDRESSABLE);

/**
 * One instance of the core with its memory: kernels, long-lived regions, and one workspace that the plans of this
 * engine use one after another. Engines share nothing; wasm memory never shrinks, so dropping an engine is what frees it.
 */
export class Engine implements Machine {
  readonly kernels: Kernels;
  readonly memory: Memory;
  readonly regions: Regions;
  /** Whether its results are the same bits on every engine. */
  readonly precision: Precision;
  readonly #pool: Pool | undefined;
  /** Binaries whose kernels it has; undefined where it has those of all. */
  readonly #has: Set<Binary> | undefined;
  #workspace: Region | undefined;
  #turn = 0;

  constructor(options: EngineOptions = {}, core: Core = plainCore(options.module ?? coreModule())) {
    this.memory = new Memory(core.memory, largest(options));
    this.regions = new Regions(this.memory);
    this.kernels = core.kernels;
    this.precision = core.precision;
    this.#pool = core.pool;
    this.#has = core.whole ? undefined : new Set();
  }

  /** Brings in the kernels of one of the package's binaries beside the core, once. Whoever calls them asks for them first. */
  need(binary: Binary): void {
    if (!this.#has || this.#has.has(binary)) return;
    // A module that came from elsewhere may hold them already.
    const added = instantiate(this.memory.wasm, moduleOf(binary));
    Object.assign(this.kernels, { ...added, ...this.kernels });
    this.#has.add(binary);
  }

  /** How many threads run kernels: fewer than were asked for where the host has none. */
  get threads(): number {
    return this.#pool?.threads ?? 1;
  }

  /** Changes whenever somebody takes the workspace: who kept something there finds out whether it is still his. */
  get turn(): number {
    return this.#turn;
  }

  each<K extends keyof Kernels>(
    kernel: K,
    calls: readonly Readonly<Parameters<Kernels[K]>>[],
    scratch?: ThreadScratch,
  ): void {
    if (this.#pool) {
      this.#pool.run(kernel, calls as readonly (readonly number[])[], scratch);
      return;
    }
    const run = this.kernels[kernel] as (...call: readonly unknown[]) => void;
    for (const call of calls) run(...call);
  }

  /**
   * Address of a workspace of at least `bytes`. What was in it is gone, and it may move: nobody keeps it across a call
   * that can reserve.
   */
  workspace(bytes: number): number {
    this.#turn++;
    if (!this.#workspace || this.#workspace.bytes < bytes) {
      this.releaseWorkspace();
      this.#workspace = this.regions.allocate(bytes);
    }
    return this.#workspace.address;
  }

  /** Gives the workspace back, for regions to take its place; the next run that needs one takes it anew. */
  releaseWorkspace(): void {
    this.#turn++;
    if (this.#workspace) this.regions.free(this.#workspace);
    this.#workspace = undefined;
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

  /** Ends the engine's threads; kernels that would use them throw afterwards. They end with the process by themselves. */
  close(): void {
    this.#pool?.close();
  }
}

let shared: Engine | undefined;

/** The engine that everything uses unless told otherwise, made at first use. */
export function defaultEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
