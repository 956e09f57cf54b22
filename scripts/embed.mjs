import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const character = (value) => String.fromCharCode(value === 57 ? 126 : value + 35);

const textOf = (value) =>
  value < 91 ? character(value) : value < 182 ? `!${character(value - 91)}` : ` ${character(value - 182)}`;

/**
 * Bytes as a text between double quotes, of printable characters. Each goes up by 3, modulo 256, so that 0xfd, the prefix of
 * vector instructions, is 0. Then 0 to 90 are # to ~ with ~ in place of \, and those from 91 on take two, an exclamation mark
 * and the value less 91, or from 182 on a space and the value less 182. src/core/embedded.ts reads it.
 */
export const embed = (bytes) => `"${Array.from(bytes, (byte) => textOf((byte + 3) % 256)).join('')}"`;

/**
 * Writes build/wasm/NAME.wasm into FOLDER/generated/NAME.wasm.ts as the package's default flavour has it. The other flavours
 * put an import of the file in its place, by its name (rollup.config.mjs).
 */
export function embedBinary(name, folder) {
  const text = embed(readFileSync(`${root}build/wasm/${name}.wasm`));
  const core = relative(`${folder}/generated`, 'src/core/binary.ts');
  mkdirSync(`${root}${folder}/generated`, { recursive: true });
  writeFileSync(
    `${root}${folder}/generated/${name}.wasm.ts`,
    `import { embeddedBinary } from '${core}';\n\nexport const binary = /* @__PURE__ */ embeddedBinary(\n  '${name}',\n  ${text},\n);\n`,
  );
}
