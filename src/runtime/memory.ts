import { OutOfMemoryError } from '../core/errors.ts';

const PAGE = 65536;

/** The linear memory that kernels work in. Views are made at the moment of use: growth detaches older ones. */
export class Memory {
  readonly wasm: WebAssembly.Memory;
  readonly #maxBytes: number;

  constructor(wasm: WebAssembly.Memory, maxBytes: number) {
    this.wasm = wasm;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.wasm.buffer.byteLength;
  }

  /** Grows until `bytes` fit. @throws OutOfMemoryError; what is in memory stays as it was. */
  ensure(bytes: number): void {
    const missing = bytes - this.bytes;
    if (missing <= 0) return;
    const refuse = (why: string): never => {
      throw new OutOfMemoryError(`memory: ${bytes} bytes are needed, ${this.bytes} are there, ${why}`);
    };
    if (bytes > this.#maxBytes) refuse(`and this engine may hold ${this.#maxBytes}`);
    try {
      this.wasm.grow(Math.ceil(missing / PAGE));
    } catch {
      refuse('and the host gives no more');
    }
  }

  f32(address: number, length: number): Float32Array {
    return new Float32Array(this.wasm.buffer, address, length);
  }

  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.wasm.buffer, address, length);
  }

  i32(address: number, length: number): Int32Array {
    return new Int32Array(this.wasm.buffer, address, length);
  }

  u8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.buffer, address, length);
  }
}
