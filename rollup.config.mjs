import { copyFileSync, rmSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';

const entries = [
  'index',
  'faces',
  'metric',
  'models',
  'io',
  'image',
  'graph',
  'optimize',
  'report',
  'stores',
  'digest',
];
const input = Object.fromEntries(
  entries.map((name) => [name, name === 'index' ? './build/index.js' : `./build/${name}/index.js`]),
);

/** Clears what an earlier build left, and puts beside the bundles what some serve themselves: the wasm, a thread's script. */
const house = {
  name: 'house',
  buildStart: () => rmSync('dist/chunks', { recursive: true, force: true }),
  writeBundle: () => {
    for (const wasm of ['core.wasm', 'jpeg.wasm']) copyFileSync(`build/wasm/${wasm}`, `dist/${wasm}`);
    copyFileSync('src/runtime/threads/thread.js', 'dist/thread.js');
  },
};

export default {
  input: { ...input, cli: './build/cli/main.js' },
  // Packages stay imports, resolved where the library is installed; only what is ours is bundled.
  external: (id) => /^[a-z@]/.test(id),
  plugins: [nodeResolve(), house],
  onwarn(warning, warn) {
    // The helper that TypeScript puts around a dynamic import asks for `this`, which no module has.
    if (warning.code !== 'THIS_IS_UNDEFINED') warn(warning);
  },
  output: {
    dir: 'dist',
    format: 'es',
    hoistTransitiveImports: false,
    entryFileNames: '[name].js',
    chunkFileNames: ({ facadeModuleId }) =>
      facadeModuleId?.includes('/codec/') ? 'chunks/codec/[name]-[hash].js' : 'chunks/[name]-[hash].js',
    banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
  },
};
