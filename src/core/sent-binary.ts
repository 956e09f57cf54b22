import { type Binary, binaryOf } from './binary.ts';
import { UnsupportedError } from './errors.ts';

/** What came, by the names of the files. */
const sent = new Map<string, Uint8Array>();

/** Takes the package's WebAssembly files as whoever started this worker sent them. */
export function receiveBinaries(files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) sent.set(name, bytes);
}

/** The form of a worker's script, which its maker's text holds: so it need not hold the files once more. */
export const sentBinary = (name: string): Binary =>
  binaryOf(name, () => {
    const bytes = sent.get(name);
    if (!bytes) throw new UnsupportedError(`wasm: nobody has sent ${name}.wasm to this worker`);
    return bytes;
  });
