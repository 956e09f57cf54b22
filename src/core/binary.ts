import { embeddedBytes } from './embedded.ts';
import { UnsupportedError } from './errors.ts';

/** One of the package's WebAssembly files, in the form that this flavour of the package has it in (rollup.config.mjs). */
export interface Binary {
  /** Of its file, without `.wasm`. */
  readonly name: string;
  /** @throws UnsupportedError where only the module is there */
  bytes(): Uint8Array;
  /**
   * Compiled, once: synchronous, no fetch, some milliseconds.
   * @throws UnsupportedError where the host compiles nothing at run time
   */
  module(): WebAssembly.Module;
}

/** The default flavour's form: a text in the JavaScript, which no bundler has to find and no server to send. */
export const embeddedBinary = (name: string, text: string): Binary => binaryOf(name, () => embeddedBytes(text));

/** A binary whose bytes are at hand when somebody asks. */
export function binaryOf(name: string, bytes: () => Uint8Array): Binary {
  let compiled: WebAssembly.Module | undefined;
  return { name, bytes, module: () => (compiled ??= compile(bytes() as BufferSource)) };
}

/** @throws UnsupportedError where the host, or a page's policy, forbids it. What is no WebAssembly is a CompileError. */
export function compile(bytes: BufferSource): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (!WebAssembly.validate(bytes)) throw error;
    throw new UnsupportedError(
      "wasm: this host does not compile WebAssembly at run time: import 'facsimile/core.wasm' (and jpeg.wasm) where it is compiled beforehand and give it to init; a page's policy must allow 'wasm-unsafe-eval'",
      { cause: error },
    );
  }
}
