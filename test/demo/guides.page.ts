import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks } from '../docs/code-blocks.ts';
import { copyWeights, type GuideFolder, guideFolder } from '../docs/guide-folder.ts';
import { browsers } from './browsers.ts';
import type { Site } from './site.ts';

/** The block of a guide that needs a browser, by its context. */
function block(context: string): string {
  const found = codeBlocks('docs/guides/in-a-page.md').filter((candidate) => candidate.context === context);
  if (found.length !== 1) throw new Error(`in-a-page.md must have one block with context=${context}`);
  return found[0]!.code;
}

const page = (body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8" /><link rel="icon" href="data:," /><body>${body}</body></html>`;

const form = page(`<input type="file" id="a" /><input type="file" id="b" /><button type="button">Compare</button>
<output></output><script type="module" src="./main.js"></script>`);

/** Photos come from the server, and what the console is told is shown. */
const beforeWorker = `const open = async (name) => (await fetch(name)).blob();
const [photoA, photoB] = [await open('/bob.jpg'), await open('/bob.jpg')];
console.log = (...words) => { document.querySelector('output').textContent = words.join(' '); };
`;

/** Builds the blocks as readers would, with no configuration, and serves them beside what they ask for. */
async function serveGuides(folder: string): Promise<Site> {
  copyWeights(folder);
  for (const [from, to] of [
    [join(folder, 'bob.jpg'), 'bob.jpg'],
    [join(folder, 'party.jpg'), 'party.jpg'],
    [join(folder, 'node_modules'), 'node_modules'],
  ] as const)
    symlinkSync(from, join(folder, 'public', to));
  writeFileSync(join(folder, 'index.html'), form);
  writeFileSync(join(folder, 'main.js'), block('page'));
  writeFileSync(join(folder, 'worker.html'), page('<output></output><script type="module" src="./ask.js"></script>'));
  writeFileSync(join(folder, 'ask.js'), beforeWorker + block('page-with-worker'));
  writeFileSync(join(folder, 'worker.js'), block('worker'));
  writeFileSync(join(folder, 'static.html'), page(block('static')));
  await build({
    root: folder,
    logLevel: 'error',
    publicDir: false,
    build: {
      target: 'es2022',
      rolldownOptions: { input: ['index.html', 'worker.html'].map((name) => join(folder, name)) },
    },
  });
  const server = await preview({
    root: folder,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
    plugins: [
      {
        name: 'beside',
        configurePreviewServer: ({ middlewares }) =>
          void middlewares.use((request, response, next) => {
            const path = new URL(request.url!, 'http://localhost').pathname;
            if (!/^\/(models|node_modules|static\.html|\w+\.jpg)/.test(path)) return next();
            const place = path === '/static.html' ? join(folder, path) : join(folder, 'public', path);
            response.setHeader(
              'content-type',
              path.endsWith('.js')
                ? 'text/javascript'
                : path.endsWith('.html')
                  ? 'text/html'
                  : 'application/octet-stream',
            );
            response.end(readFileSync(place));
          }),
      },
    ],
  });
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}

describe('the guide “In a page”', () => {
  let [site, folder] = [] as unknown as [Site, GuideFolder];
  beforeAll(async () => {
    folder = await guideFolder();
    site = await serveGuides(folder.path);
  });
  afterAll(async () => {
    await site?.close();
    folder?.remove();
  });

  for (const { name, missing, open } of browsers) {
    if (missing && !process.env.CI) {
      test.skip(`${name}: missing ${missing}`);
      continue;
    }
    test(`works in ${name}`, async () => {
      if (missing) throw new Error(`missing: ${missing}`);
      const visitor = await open(site.url);
      try {
        await visitor.chooseFiles('#a', [join(folder.path, 'ada.jpg')]);
        await visitor.chooseFiles('#b', [join(folder.path, 'ada.jpg')]);
        await visitor.until(() => document.querySelector('button')!.onclick !== null);
        await visitor.click('button');
        expect(await visitor.text('output')).toBe('the same person, 0.00');
        await visitor.open(`${site.url}worker.html`);
        expect(await visitor.text('output')).toBe('true 0');
        await visitor.open(`${site.url}static.html`);
        expect(await visitor.until(() => document.title)).toBe('3 faces');
        expect(visitor.complaints).toEqual([]);
      } finally {
        await visitor.close();
      }
    });
  }
});
