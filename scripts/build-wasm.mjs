// Compiles assembly/ into every build of the core and into the kernels for sound, and writes what src/ needs of them: the
// binaries as text, each ABI as a TypeScript interface made from the compiler's own declarations, so that a call that does not
// match an export is a type error, and the source of a thread as a string.
//   release · debug, with asserts · fast, with relaxed SIMD. Over shared memory each of them runs with another import
//   section, made at run time (src/runtime/threads/share.ts).
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embedBinary } from './embed.mjs';

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
const core = 'assembly/index.ts';
const signal = 'assembly/signal/index.ts';
await Promise.all([
  compile('release', core),
  compile('fast', core, 'assembly/fast.ts'),
  compile('debug', core),
  compile('signal', signal),
  compile('signal-debug', signal),
]);

/** The interface of what a module exports. */
function writeAbi(module, folder, name, what) {
  const declarations = readFileSync(at(`build/wasm/${module}.d.ts`), 'utf8');
  const exports = [
    ...declarations.matchAll(/\/\*\*([\s\S]*?)\*\/\s*export (?:declare )?function (\w+)\(([^)]*)\): (\w+);/g),
  ];
  const signatures = exports.map(([, , kernel, parameters, result]) => `  ${kernel}(${parameters}): ${result};`);
  if (signatures.length === 0) throw new Error(`build-wasm: no exported function found in build/wasm/${module}.d.ts`);
  writeFileSync(
    at(`${folder}/generated/abi.ts`),
    `/** ${what}: made from the compiled module by scripts/build-wasm.mjs. Addresses and strides are bytes. */\nexport interface ${name} {\n${signatures.join('\n')}\n}\n`,
  );
}

for (const name of ['core', 'core.fast']) embedBinary(name, 'src/runtime');
embedBinary('signal', 'src/signal');
writeAbi('core', 'src/runtime', 'Kernels', 'Every kernel of the core');
writeAbi('signal', 'src/signal', 'SignalKernels', 'Every kernel for sound');
const thread = readFileSync(at('src/runtime/threads/thread.js'), 'utf8');
writeFileSync(at('src/runtime/generated/thread.ts'), `export const threadSource =\n  ${JSON.stringify(thread)};\n`);
