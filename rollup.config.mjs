import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
/** The entries are those of package.json that have types: `./faces` is made of build/faces/index.js. */
const input = Object.fromEntries(
  Object.entries(exports)
    .filter(([, target]) => target.types)
    .map(([entry]) => (entry === '.' ? ['index', './build/index.js'] : [entry.slice(2), `./build/${entry}/index.js`])),
);

/** Clears what an earlier build left, and puts beside the bundles what some serve themselves: the wasm, a thread's script. */
const house = {
  name: 'house',
  buildStart: () => {
    for (const name of readdirSync('dist')) if (name !== 'types') rmSync(`dist/${name}`, { recursive: true });
  },
  writeBundle: () => {
    // Names with a second dot are builds of the core for tests, or for one option.
    for (const name of readdirSync('build/wasm'))
      if (/^\w+\.wasm$/.test(name)) copyFileSync(`build/wasm/${name}`, `dist/${name}`);
    copyFileSync('src/runtime/threads/thread.js', 'dist/thread.js');
  },
};

function onwarn(warning, warn) {
  // The helper that TypeScript puts around a dynamic import asks for `this`, which no module has.
  if (warning.code !== 'THIS_IS_UNDEFINED') warn(warning);
}

/**
 * Pictures come to a worker as pixels, and its engine is the reproducible one: it has no decoders and no other core. The
 * WebAssembly is sent.
 */
const leftOut = {
  name: 'left-out',
  load(id) {
    if (/\/image\/(codec\/|canvas|file)|\.fast\.wasm/.test(id))
      return { code: 'export default {};', syntheticNamedExports: true };
    const [, name] = /\/generated\/(\w+)\.wasm\.js$/.exec(id) ?? [];
    return name
      ? `import { sentBinary } from '${resolve('build/core/sent-binary.js')}'; export const binary = sentBinary('${name}');`
      : null;
  },
};

/** Style transfer in a worker: all of its script is one file, served as it is or started from its text. */
const worker = {
  name: 'worker',
  async load(id) {
    if (!id.endsWith('/style/worker/source.js')) return null;
    const bundle = await rollup({
      input: './build/style/worker/main.js',
      plugins: [leftOut, nodeResolve()],
      onwarn,
    });
    const { output } = await bundle.generate({ format: 'iife', inlineDynamicImports: true, plugins: [terser()] });
    await bundle.close();
    const { code } = output[0];
    this.emitFile({ type: 'asset', fileName: 'style-worker.js', source: code });
    return `export const workerSource = ${JSON.stringify(code)};`;
  },
};

/**
 * Where bytes may not be compiled at run time, the host compiles the file that an import names: such an import stands in
 * place of every embedded binary.
 */
const imported = (suffix) => ({
  name: 'imported-wasm',
  // As if the entries of build/ lay beside it: Rollup then writes the path from wherever a chunk is.
  resolveId: (id) =>
    id.includes('.wasm') && !id.endsWith('.js') ? { id: resolve('build', id), external: 'relative' } : null,
  load(id) {
    const [, folder, name] = /^(.*)\/generated\/([\w.]+)\.wasm\.js$/.exec(id) ?? [];
    if (!folder) return null;
    const core = resolve('build/core/compiled-binary.js');
    return name.includes('.')
      ? `import { absentBinary } from '${core}'; export const binary = absentBinary('${name}');`
      : `import module from '${name}.wasm${suffix}'; import { compiledBinary } from '${core}'; export const binary = compiledBinary('${name}', module);`;
  },
});

/**
 * Ops are chunks of their own, and what all stand on is another: bundlers drop a chunk of which nothing is used as a whole,
 * where of a shared one they keep every statement that may have an effect. A file a module would be smaller by 2 % and take
 * twice as long to import.
 */
function chunkOf(id) {
  const [, room, op] = /\/build\/(core|graph\/ops)\/([\w-]+)/.exec(id) ?? [];
  return room === 'core' ? 'core' : op && `ops/${op}`;
}

/** One flavour of the package: every entry, in a folder of its own. */
const flavour = (name, plugins, more = {}) => ({
  input: { ...input, ...more },
  // Packages stay imports, resolved where the library is installed; only what is ours is bundled.
  external: (id) => /^[a-z@]/.test(id) && !id.includes('.wasm'),
  plugins: [...plugins, nodeResolve()],
  onwarn,
  output: {
    dir: 'dist',
    format: 'es',
    hoistTransitiveImports: false,
    onlyExplicitManualChunks: true,
    manualChunks: chunkOf,
    entryFileNames: ({ name: entry }) => (entry in input ? `${name}/${entry}.js` : `${entry}.js`),
    chunkFileNames: ({ facadeModuleId, name: chunk }) =>
      `${name}/chunks/${facadeModuleId?.includes('/codec/') ? 'codec/' : ''}${chunk.replace('.wasm', '')}-[hash].js`,
    banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
  },
});

export default [
  flavour('inline', [house, worker], { cli: './build/cli/main.js' }),
  flavour('workerd', [imported('')]),
  flavour('edge-light', [imported('?module')]),
];
