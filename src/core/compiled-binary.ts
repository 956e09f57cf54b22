import type { Binary } from './binary.ts';
import { UnsupportedError } from './errors.ts';

const lacks = (what: string): never => {
  throw new UnsupportedError(
    `wasm: ${what}, in the flavour of this package for hosts that compile WebAssembly beforehand (workerd, edge-light)`,
  );
};

/** The form of the flavours whose host compiles WebAssembly beforehand: what an import of the file gave. */
export const compiledBinary = (name: string, module: WebAssembly.Module): Binary => ({
  name,
  module: () => module,
  bytes: () => lacks('there are no bytes'),
});

/** A file that those flavours leave out, to be small: the core with relaxed SIMD. */
export const absentBinary = (name: string): Binary => ({
  name,
  module: () => lacks("there is no precision 'fast'"),
  bytes: () => lacks("there is no precision 'fast'"),
});
