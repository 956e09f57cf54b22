import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { CodeBlock } from './code-blocks.ts';
import { copyWeights } from './guide-folder.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const {
  scripts,
  peerDependencies,
  name: own,
} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Runs a block in a folder; it throws where that fails. */
type Run = (block: CodeBlock, folder: string) => void | Promise<void>;

function node(args: readonly string[], folder: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { cwd: folder, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

function runModule(code: string, folder: string): void {
  const file = join(folder, 'block.mjs');
  writeFileSync(file, code);
  const { status, said } = node([file], folder);
  expect(status, said).toBe(0);
}

/** Commands without comments, one a line. */
const commands = (code: string): string[][] =>
  code
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));

/** `npx facsimile …`; 0 and 1 are its two answers. */
const shell: Run = ({ code }, folder) => {
  for (const [npx, program, ...args] of commands(code)) {
    expect([npx, program]).toEqual(['npx', own]);
    const { status, said } = node([cli, ...args], folder);
    expect([0, 1], `${args.join(' ')}: ${said}`).toContain(status);
  }
};

/** Numbers that only decide how long it takes, made small. */
const shortened = (block: CodeBlock): CodeBlock => ({
  ...block,
  code: block.code
    .replace(/steps: (\d+)/g, (_, steps) => `steps: ${Math.ceil(Number(steps) / 50)}`)
    .replace(/--steps \d+/g, '--steps 4 --classes 4')
    .replace('size: 384', 'size: 104')
    .replace('[64, 64, 64, 64]', '[16, 16, 16, 16]'),
});

async function cloudflare({ code }: CodeBlock, folder: string): Promise<void> {
  const weights = readFileSync(join(folder, copyWeights(folder)));
  writeFileSync(join(folder, 'worker.mjs'), code);
  const { default: worker } = await import(pathToFileURL(join(folder, 'worker.mjs')).href);
  const ask = async (a: string, b: string) => {
    const body = new FormData();
    body.set('a', new Blob([readFileSync(join(folder, a))]));
    body.set('b', new Blob([readFileSync(join(folder, b))]));
    const request = new Request('https://faces.example/', { method: 'POST', body });
    const answer: Response = await worker.fetch(request, { ASSETS: { fetch: async () => new Response(weights) } });
    return { status: answer.status, body: await answer.json() };
  };
  expect(await ask('party.jpg', 'party.jpg')).toEqual({
    status: 422,
    body: { error: expect.stringContaining('faces') },
  });
  expect(await ask('bob.jpg', 'bob.jpg')).toEqual({ status: 200, body: { same: true, distance: 0 } });
}

const namespace = `const stored = new Map();
const env = { GALLERY: { get: async (key) => stored.get(key), put: async (key, bytes) => void stored.set(key, bytes.slice().buffer) } };`;

const contexts: Readonly<Record<string, Run>> = {
  '': ({ language, code, ...rest }, folder) =>
    language === 'sh' ? shell({ language, code, ...rest }, folder) : runModule(code, folder),
  small: (block, folder) => contexts['']!(shortened(block), folder),

  /** Scripts of this repository: the test is that there are such. */
  checkout: ({ code }) => {
    for (const [npm, ...words] of commands(code)) {
      expect(npm).toBe('npm');
      expect(Object.keys(scripts)).toContain(words[0] === 'run' ? words[1] : words[0]);
    }
  },
  /** Installed from the registry, which has no such version yet; the packed library is installed by test:runtimes. */
  install: ({ code }) => {
    for (const [npm, install, ...names] of commands(code)) {
      expect([npm, install]).toEqual(['npm', 'install']);
      for (const name of names) expect([own, ...Object.keys(peerDependencies)]).toContain(name);
    }
  },
  served: ({ code }, folder) => runModule(code.replace('/models/faces.safetensors', copyWeights(folder)), folder),
  cloudflare,
  kv: ({ code }, folder) =>
    runModule(
      `import { readFileSync } from 'node:fs';
const [weights, photo] = [readFileSync('${copyWeights(folder)}'), readFileSync('ada.jpg')];
${namespace}
${code}
if ((await faces.openGallery(store(env.GALLERY))).size !== 1) throw new Error('nobody was kept');`,
      folder,
    ),
  wrangler: ({ code }) => {
    const config = JSON.parse(code.replace(/^\s*\/\/.*$/gm, ''));
    expect(config).toMatchObject({ main: 'worker.js', assets: { binding: 'ASSETS' } });
  },
};

/** Contexts that `npm test` has not: a browser (test/demo/guides.page.ts runs those), an account with somebody. */
export const elsewhere: readonly string[] = ['page', 'static', 'worker', 'page-with-worker', 'deployed'];

export function runner({ context = '' }: CodeBlock): Run {
  const run = contexts[context];
  if (!run) throw new Error(`no context is called "${context}"`);
  return run;
}
