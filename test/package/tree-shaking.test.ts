import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { describe, expect, it } from 'vitest';

const built = existsSync(fileURLToPath(new URL('../../dist/inline', import.meta.url)));
if (!built) console.warn('tests of tree shaking are skipped: npm run build makes dist');

/** What a bundler keeps of the package for a program that says `code`. */
async function bundled(code: string): Promise<string> {
  const bundle = await rollup({
    input: 'program',
    external: (id) => /^(?:node:|fflate|commander|cli-progress|@resvg)/.test(id),
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === 'program' ? fileURLToPath(new URL('./program.js', import.meta.url)) : null),
        load: (id) => (id.endsWith('/program.js') ? code : null),
      },
      nodeResolve(),
    ],
    onwarn: () => {},
  });
  const { output } = await bundle.generate({ format: 'es' });
  const [entry, ...others] = output;
  const chunks = new Map(others.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk] as const] : [])));
  // What the program loads at once: its own chunk and those it imports statically.
  const at = (name: string): string =>
    chunks.get(name)!.code +
    chunks
      .get(name)!
      .imports.filter((n) => chunks.has(n))
      .map(at)
      .join('');
  return (
    entry.code +
    entry.imports
      .filter((name) => chunks.has(name))
      .map(at)
      .join('')
  );
}

describe.skipIf(!built)('a bundle', () => {
  it('of nothing used is empty', async () => {
    expect((await bundled("import 'facsimile'; import 'facsimile/graph'; import 'facsimile/metric';")).trim()).toBe('');
  });

  it('of a curve holds neither wasm nor networks', async () => {
    const code = await bundled("export { roc } from 'facsimile/metric';");
    expect(code).toContain('function roc(');
    expect(code.length).toBeLessThan(10_000);
  });

  it('of the graph builder holds no op', async () => {
    const code = await bundled("export { createEngine, Graph, plan } from 'facsimile/graph';");
    expect(code).toContain('class Plan');
    expect(code).not.toMatch(/^ +name: '(?:conv|dense|maxPool|tripletLoss)',$/m);
  });

  it('of everything in metric holds no face code', async () => {
    const code = await bundled("export * from 'facsimile/metric';");
    expect(code).toContain('embeddedBinary(');
    expect(code).not.toMatch(/NoFaceError|loadFaces|face_landmark_68/);
  });

  it('of the face API holds no training, no codec and no other build of the core', async () => {
    const code = await bundled("export { loadFaces } from 'facsimile/faces';");
    expect(code).toContain('NoFaceError');
    expect(code).not.toMatch(/name: 'tripletLoss'|class TrainingPlan|function decodePng|function startEngine/);
    // The core alone.
    expect(code.match(/embeddedBinary\(/g)).toHaveLength(1);
  });
});
