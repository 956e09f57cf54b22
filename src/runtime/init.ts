import { compile } from '../core/binary.ts';
import { InputError } from '../core/errors.ts';
import { coreModule, provide } from './load.ts';

/** The file `facsimile/core.wasm` or `facsimile/learning.wasm`: compiled, as bytes, as an answer of `fetch`, or where to fetch it. */
export type CoreSource = WebAssembly.Module | BufferSource | Response | URL;

/**
 * Chooses the core by hand. Nobody has to call it: the core loads by itself at first use. It is for hosts and bundlers that
 * the flavours of the package do not serve, and for pages that would rather fetch wasm than carry it in a script. What learns
 * and paints takes a second file, learning.wasm, by a second call. Engines that were made before keep theirs. Without `source` it compiles the package's own core now, not at first use.
 *
 * @throws InputError where the source is no such file, or cannot be fetched; UnsupportedError where the host compiles nothing
 * at run time.
 * @example
 * await init(new URL('/assets/core.wasm', location.href));
 */
export async function init(source?: CoreSource | PromiseLike<CoreSource>): Promise<void> {
  const given = await source;
  if (given === undefined) {
    coreModule();
    return;
  }
  const module = await moduleOf(given);
  provide(nameOf(module), module);
}

async function moduleOf(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof URL) return moduleOf(await fetch(source));
  if (source instanceof Response) {
    if (!source.ok) throw new InputError(`init: cannot read ${source.url || 'the response'}: status ${source.status}`);
    return moduleOf(await source.arrayBuffer());
  }
  if (!(source instanceof ArrayBuffer || ArrayBuffer.isView(source)))
    throw new InputError(
      `init: expected facsimile/core.wasm as a WebAssembly.Module, bytes, a Response or a URL, got ${typeof source}`,
    );
  try {
    return compile(source);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new InputError(`init: these ${source.byteLength} bytes are no WebAssembly`, { cause: error });
  }
}

/** A kernel that tells a file from the others. */
const marks = { core: 'f32_gemm_4x8', learning: 'f32_adam' };

/** Which file it is: both import their memory and nothing else; others, as the JPEG codec, do not. */
function nameOf(module: WebAssembly.Module): string {
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  const kernels = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const known = Object.entries(marks).find(([, mark]) => kernels.has(mark));
  if (imports.join() === 'env.memory' && known) return known[0];
  throw new InputError(
    "init: this WebAssembly is neither facsimile/core.wasm nor learning.wasm: it must import 'env.memory' and hold the kernels",
  );
}
