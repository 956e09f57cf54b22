// Compiles assembly/ twice (release, and debug with asserts), and writes what src/ needs of it: the binary as base64,
// and the ABI as a TypeScript interface made from the compiler's own declarations, so that a call that does not match
// an export is a type error.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => `${root}${path}`;

for (const target of ['debug', 'release']) {
  execFileSync(
    process.execPath,
    [at('node_modules/assemblyscript/bin/asc.js'), '--config', 'asconfig.json', '--target', target],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
}

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
const base64 = readFileSync(at('build/wasm/core.wasm')).toString('base64');
writeFileSync(at('src/runtime/generated/binary.ts'), `export const coreBase64 =\n  '${base64}';\n`);
