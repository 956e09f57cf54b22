import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { elsewhere, runner } from './contexts.ts';
import { type GuideFolder, guideFolder } from './guide-folder.ts';

const documents = ['README.md', ...readdirSync('docs/guides').map((name) => `docs/guides/${name}`)];

/** A block of shell is several programs, on a machine that may be busy. */
const TIMEOUT = 300_000;

let folder: GuideFolder;
beforeAll(async () => {
  folder = await guideFolder();
});
afterAll(() => folder?.remove());

describe.each(documents)('%s', (document) => {
  const blocks = codeBlocks(document).filter(({ language }) => language !== 'text');
  it('has code', () => expect(blocks.length).toBeGreaterThan(0));

  for (const block of blocks) {
    const { context, line, language } = block;
    const name = `line ${line}: ${language} ${context ?? ''}`;
    if (context && elsewhere.includes(context)) it.skip(`${name}: not in Node`);
    else it(name, { timeout: TIMEOUT }, () => runner(block)(block, folder.path));
  }
});
