import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, freePort, start, untilAnswered } from '../../scripts/lib/processes.mjs';
import { serve } from '../../scripts/lib/serve.mjs';
import { answerInChromium, inChromium } from './browsers.mjs';
import { installed } from './installed.mjs';

const QUIET = { NEXT_TELEMETRY_DISABLED: '1', WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1' };
const html = (script) => ({
  text: `<!doctype html><meta charset="utf-8"><link rel="icon" href="/a.jpg"><body><script type="module" src="${script}"></script>`,
});

/** Runs a tool to its end. @throws with what it says where it fails */
async function tool(program, words, options) {
  const running = start(process.execPath, [program, ...words], { ...options, env: { ...process.env, ...QUIET } });
  if ((await running.ended) !== 0) throw new Error(running.output().slice(-3000));
}

/** The answer of a page that lies in a folder, under a strict policy. */
async function ofPage(folder) {
  const server = await serve(folder);
  try {
    return await answerInChromium(server.url);
  } finally {
    server.close();
  }
}

/** The answer of a server that a tool starts, asked at `path`. */
async function ofServer(
  program,
  words,
  path,
  { node = process.execPath, seconds = 60, read = answerOfUrl, ...options },
) {
  const running = start(node, [program, ...words], { ...options, env: { ...process.env, ...QUIET } });
  try {
    await untilAnswered(() => fetch(new URL('/', path)), seconds);
    return await read(path);
  } catch (error) {
    throw new Error(`${error.message}\n${running.output().slice(-3000)}`);
  } finally {
    running.stop();
  }
}

async function answerOfUrl(url) {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(text.slice(0, 3000));
  return JSON.parse(text);
}

const program = { 'verify.mjs': 'verify.mjs' };
const page = { ...program, 'main.mjs': 'page.mjs' };
const script = { ...program, 'main.mjs': 'script.mjs' };

export const consumers = [
  {
    name: 'Node',
    sources: script,
    run: ({ place, files }) => answerOf(process.execPath, ['main.mjs', files], { cwd: place }),
  },
  {
    name: 'Node, require',
    sources: {
      'main.cjs': { text: "require('./script.cjs')" },
      'script.cjs': {
        text: `const { loadFaces } = require('facsimile/faces');
          (async () => {
            const files = process.argv[2];
            const faces = await loadFaces({ weights: files + '/faces.safetensors', detector: 'tiny' });
            const [a, b] = await Promise.all(['a', 'b'].map(async (name) => new Uint8Array(await (await fetch(files + '/' + name + '.jpg')).arrayBuffer())));
            const { same, distance } = await faces.verify(a, b, { face: 'largest' });
            console.log(JSON.stringify({ verification: same + ' ' + distance }));
          })();`,
      },
    },
    run: ({ place, files }) => answerOf(installed('n24/bin/node'), ['main.cjs', files], { cwd: place }),
  },
  {
    name: 'static page',
    sources: { 'index.html': '../examples/page/index.html', 'main.mjs': '../examples/page/main.mjs' },
    async run({ place, pages }) {
      pages(place);
      symlinkSync('../node_modules', join(place, 'node_modules'));
      const [, importMap] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(
        readFileSync(join(place, 'index.html'), 'utf8'),
      );
      const server = await serve(place, { inline: [importMap] });
      try {
        return await inChromium(server.url, async (page) => {
          for (const name of ['a', 'b']) await (await page.$(`[name=${name}]`)).uploadFile(join(place, `${name}.jpg`));
          await page.click('button');
          const said = () => document.querySelector('output').textContent.replace('Looking…', '');
          await page.waitForFunction(said, { timeout: 60_000 });
          const [, verdict, distance] = /^(.*): (.*) apart/.exec(await page.evaluate(said)) ?? [];
          return { verification: `${verdict === 'The same person'} ${distance}` };
        });
      } finally {
        server.close();
      }
    },
  },
  {
    name: 'rollup',
    sources: script,
    async run({ place, bin, files }) {
      await tool(bin('rollup'), ['-p', 'node-resolve', 'main.mjs', '-d', 'out', '-f', 'es'], { cwd: place });
      return answerOf(process.execPath, ['out/main.js', files], { cwd: place });
    },
  },
  {
    name: 'esbuild, cjs',
    sources: script,
    async run({ place, bin, files }) {
      const words = ['main.mjs', '--bundle', '--platform=node', '--format=cjs', '--outfile=out/main.cjs'];
      await answerless(bin('esbuild'), words, place);
      return answerOf(process.execPath, ['out/main.cjs', files], { cwd: place });
    },
  },
  {
    name: 'esbuild, iife',
    sources: { ...page, 'out/index.html': html('/main.js') },
    async run({ place, bin, pages }) {
      await answerless(bin('esbuild'), ['main.mjs', '--bundle', '--minify', '--outfile=out/main.js'], place);
      pages(join(place, 'out'));
      return ofPage(join(place, 'out'));
    },
  },
  {
    name: 'webpack',
    sources: { 'src/verify.mjs': 'verify.mjs', 'src/index.js': 'page.mjs', 'dist/index.html': html('/main.js') },
    async run({ place, bin, pages }) {
      await tool(bin('webpack'), ['--mode', 'production'], { cwd: place });
      pages(join(place, 'dist'));
      return ofPage(join(place, 'dist'));
    },
  },
  {
    name: 'Vite',
    sources: { ...page, 'index.html': html('/main.mjs') },
    async run({ place, bin, pages }) {
      await tool(bin('vite'), ['build'], { cwd: place });
      pages(join(place, 'dist'));
      return ofPage(join(place, 'dist'));
    },
  },
  {
    name: 'Vite, dev',
    sources: { ...page, 'index.html': html('/main.mjs') },
    async run({ place, bin, pages }) {
      pages(join(place, 'public'));
      const port = await freePort();
      const words = ['--port', `${port}`, '--host', '127.0.0.1', '--strictPort'];
      return ofServer(bin('vite'), words, `http://127.0.0.1:${port}`, { cwd: place, read: answerInChromium });
    },
  },
  {
    name: 'wrangler',
    sources: { ...program, 'worker.mjs': 'worker.mjs' },
    async run({ place, bin, files }) {
      const port = await freePort();
      const words = [
        'dev',
        'worker.mjs',
        '--port',
        `${port}`,
        '--ip',
        '127.0.0.1',
        '--compatibility-date',
        '2026-06-01',
      ];
      const url = `http://127.0.0.1:${port}/?files=${encodeURIComponent(files)}`;
      return ofServer(bin('wrangler'), words, url, { cwd: place, node: installed('n22/bin/node') });
    },
  },
  {
    name: 'Next, edge route',
    sources: {
      'app/verify/verify.mjs': 'verify.mjs',
      'app/verify/route.js': 'route.mjs',
      'package.json': { text: '{}' },
    },
    async run({ place, bin, files }) {
      await tool(bin('next'), ['build'], { cwd: place });
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/verify?files=${encodeURIComponent(files)}`;
      return ofServer(bin('next'), ['start', '--port', `${port}`], url, { cwd: place });
    },
  },
];

/** A program that is none of Node's. */
async function answerless(path, words, cwd) {
  const running = start(path, words, { cwd });
  if ((await running.ended) !== 0) throw new Error(running.output().slice(-3000));
}
