// Compiles assembly/ into every build of the core, and writes what src/ needs of them: the binaries as text, the ABI as
// a TypeScript interface made from the compiler's own declarations, so that a call that does not match an export is a type
// error, and the source of a thread as a string.
//   release · debug, with asserts · fast, with relaxed SIMD. Over shared memory each of them runs with another import
//   section, made at run time (src/runtime/threads/share.ts).
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embed } from './embed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => `${root}${path}`;

const asc = at('node_modules/assemblyscript/bin/asc.js');
const compile = async (target, ...entries) => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [asc, ...entries, '--config', 'asconfig.json', '--target', target],
    { cwd: root },
  );
  process.stdout.write(stdout + stderr);
};
await Promise.all([compile('release'), compile('fast', 'assembly/fast.ts'), compile('debug')]);

const declarations = readFileSync(at('build/wasm/core.d.ts'), 'utf8');
const exports = [
  ...declarations.matchAll(/\/\*\*([\s\S]*?)\*\/\s*export (?:declare )?function (\w+)\(([^)]*)\): (\w+);/g),
];
const signatures = exports.map(([, , name, parameters, result]) => `  ${name}(${parameters}): ${result};`);
if (signatures.length === 0) throw new Error('build-wasm: no exported function found in build/wasm/core.d.ts');

mkdirSync(at('src/runtime/generated'), { recursive: true });
writeFileSync(
  at('src/runtime/generated/abi.ts'),
  `/** Every kernel of the core: made from the compiled module by scripts/build-wasm.mjs. Addresses and strides are bytes. */\nexport interface Kernels {\n${signatures.join('\n')}\n}\n`,
);
const constant = (file, name, text) =>
  writeFileSync(at(`src/runtime/generated/${file}.ts`), `export const ${name} =\n  ${text};\n`);
const text = (name) => embed(readFileSync(at(`build/wasm/${name}.wasm`)));
constant('binary', 'coreText', text('core'));
constant('fast', 'fastText', text('core.fast'));
constant('thread', 'threadSource', JSON.stringify(readFileSync(at('src/runtime/threads/thread.js'), 'utf8')));
