// Compiles assembly/ into the core, the kernels that learn and those for sound, and writes what src/ needs of them: the
// binaries as text, each ABI as a TypeScript interface made from the compiler's own declarations, so that a call that does not
// match an export is a type error, and the source of a thread as a string.
//   release and learning · both in one with asserts, debug, and with relaxed SIMD, fast. Over shared memory each of them runs with another import
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
const learning = 'assembly/learning.ts';
const signal = 'assembly/signal/index.ts';
await Promise.all([
  compile('release', core),
  compile('learning', learning),
  compile('fast', core, learning, 'assembly/fast.ts'),
  compile('debug', core, learning),
  compile('signal', signal),
  compile('signal-debug', signal),
]);

/** The interface of what some modules export. */
function writeAbi(modules, folder, name, what) {
  const declarations = modules.map((module) => readFileSync(at(`build/wasm/${module}.d.ts`), 'utf8')).join('');
  const exports = [
    ...declarations.matchAll(/\/\*\*([\s\S]*?)\*\/\s*export (?:declare )?function (\w+)\(([^)]*)\): (\w+);/g),
  ];
  const signatures = exports.map(([, , kernel, parameters, result]) => `  ${kernel}(${parameters}): ${result};`);
  if (signatures.length === 0) throw new Error(`build-wasm: no exported function found in build/wasm of ${modules}`);
  writeFileSync(
    at(`${folder}/generated/abi.ts`),
    `/** ${what}: made from the compiled module by scripts/build-wasm.mjs. Addresses and strides are bytes. */\nexport interface ${name} {\n${signatures.join('\n')}\n}\n`,
  );
}

for (const name of ['core', 'learning', 'core.fast']) embedBinary(name, 'src/runtime');
embedBinary('signal', 'src/signal');
writeAbi(['core', 'learning'], 'src/runtime', 'Kernels', 'Every kernel of the core, and of those that learn');
writeAbi(['signal'], 'src/signal', 'SignalKernels', 'Every kernel for sound');
const thread = readFileSync(at('src/runtime/threads/thread.js'), 'utf8');
writeFileSync(at('src/runtime/generated/thread.ts'), `export const threadSource =\n  ${JSON.stringify(thread)};\n`);
