// Embeds the JPEG codec (see THIRD_PARTY_LICENSES.md) as text, so that it loads without a fetch, and checks that it
// still has the interface that src/image/codec/jpeg-codec.ts calls.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embedBinary } from './embed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(dirname(createRequire(import.meta.url).resolve('imagescript')), 'wasm/any/jpeg.wasm');
const bytes = readFileSync(source);

const codec = new WebAssembly.Module(bytes);
const exported = WebAssembly.Module.exports(codec).map(({ name }) => name);
const called = 'memory walloc wlen decode decode_width decode_height decode_format decode_buffer encode'.split(' ');
const missing = called.filter((name) => !exported.includes(name));
const imported = WebAssembly.Module.imports(codec);
if (missing.length > 0 || imported.length > 0)
  throw new Error(
    `build-codecs: ${source} lacks ${missing.join(', ') || 'nothing'} and imports ${imported.length} things: its interface has changed`,
  );

mkdirSync(join(root, 'build/wasm'), { recursive: true });
writeFileSync(join(root, 'build/wasm/jpeg.wasm'), bytes);
embedBinary('jpeg', 'src/image/codec');
