import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataPath, hasData } from '../data.ts';
import { exampleRunner } from './run-example.ts';

const { built, run: omniglot } = exampleRunner('omniglot.mjs', 'npm run example:omniglot');

describe.skipIf(!built || !hasData)('npm run example:omniglot', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'facsimile-omniglot-'));
    execFileSync('tar', ['xzf', dataPath('omniglot.tgz'), '-C', folder]);
    cpSync(join(folder, 'one-shot-runs', 'run01'), join(folder, 'one', 'run01'), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const play = (...words: string[]) =>
    omniglot('--background', folder, '--runs', join(folder, 'one-shot-runs'), '--json', ...words);
  const playOne = (...words: string[]) =>
    omniglot('--background', folder, '--runs', join(folder, 'one'), '--json', ...words);

  it('learns in a minute to tell letters apart that it never saw', { timeout: 300_000 }, async () => {
    const { code, stdout, stderr } = await play('--recipe', 'short');
    expect(code).toBe(0);
    expect(stderr).toContain('242 letters, 4840 drawings (1000 twice in the folders), 1936 classes with all turns');
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ runs: 10, trials: 200 });
    expect(result.accuracy).toBe(result.correct / 200);
    // Chance is 5 %, the nearest pixels 19.5 %.
    expect(result.accuracy).toBeGreaterThan(0.6);
  });

  it('has the same bits at every run, for any number of threads', { timeout: 300_000 }, async () => {
    const words = ['--recipe', 'short', '--steps', '6'];
    const [one, two] = [await playOne(...words, '--threads', '1'), await playOne(...words, '--threads', '2')];
    const { weights, correct } = JSON.parse(one.stdout);
    expect(weights).toMatch(/^[\da-f]{64}$/);
    expect(JSON.parse(two.stdout)).toMatchObject({ weights, correct });
  });

  it('refuses a letter that comes under two names', { timeout: 120_000 }, async () => {
    const doubled = join(folder, 'doubled');
    const letter = join(folder, 'images_background_small1', 'Latin', 'character01');
    mkdirSync(join(doubled, 'Latin'), { recursive: true });
    cpSync(letter, join(doubled, 'Latin', 'character01'), { recursive: true });
    cpSync(letter, join(doubled, 'Roman', 'character07'), { recursive: true });
    const { code, stderr } = await omniglot('--background', doubled, '--runs', join(folder, 'one-shot-runs'));
    expect(code).toBe(2);
    expect(stderr).toContain('classes "Latin/character01" and "Roman/character07" hold the same picture');
  });

  it('helps, and says what is missing', async () => {
    expect(await omniglot('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--background DIR') });
    expect(await omniglot()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--background and --runs are needed'),
    });
    const missing = await omniglot('--background', join(folder, 'nowhere'), '--runs', folder);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read the folder') });
    expect(await play('--recipe', 'magic')).toMatchObject({ code: 2 });
  });
});
