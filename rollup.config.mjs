import { copyFileSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';

const entries = ['index', 'faces', 'metric', 'models', 'io', 'image', 'graph', 'stores'];
const input = Object.fromEntries(
  entries.map((name) => [name, name === 'index' ? './build/index.js' : `./build/${name}/index.js`]),
);

/** The wasm beside the bundles, for those who serve it themselves. */
const copyCore = { name: 'copy-core', writeBundle: () => copyFileSync('build/wasm/core.wasm', 'dist/core.wasm') };

export default {
  input: { ...input, cli: './build/cli/main.js' },
  // Packages stay imports, resolved where the library is installed; only what is ours is bundled.
  external: (id) => /^[a-z@]/.test(id),
  plugins: [nodeResolve(), copyCore],
  output: {
    dir: 'dist',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
  },
};
