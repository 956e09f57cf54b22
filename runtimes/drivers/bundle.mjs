import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * One script of a program that imports the package, with the flavour that `conditions` choose. What it imports as wasm becomes
 * what `wasm` says of the file's name; `files` are where those lie, by their names.
 */
export async function bundle(folder, program, { conditions, format, wasm, define = {} }) {
  const files = new Map();
  const named = {
    name: 'wasm',
    setup(on) {
      on.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, importer }) => {
        const name = basename(path).replace('?module', '');
        files.set(name, join(dirname(importer), path.replace('?module', '')));
        return wasm ? { path: name, namespace: 'wasm' } : { path: `./${name}`, external: true };
      });
      on.onLoad({ filter: /./, namespace: 'wasm' }, ({ path }) => ({ contents: wasm(path) }));
    },
  };
  const outfile = join(folder, `${program}.bundle.js`);
  await build({
    entryPoints: [join(folder, program)],
    outfile,
    bundle: true,
    minify: true,
    format,
    conditions,
    define,
    plugins: [named],
    logLevel: 'error',
  });
  return { script: outfile, files };
}
