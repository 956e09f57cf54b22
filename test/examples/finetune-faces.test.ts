import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataPath, hasData } from '../data.ts';
import { exampleRunner } from './run-example.ts';

const { built, run: finetune } = exampleRunner('finetune-faces.mjs', 'npm run example:finetune-faces');

describe.skipIf(!built || !hasData)('npm run example:finetune-faces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facsimile-finetune-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('measures other people before and after', { timeout: 300_000 }, async () => {
    for (const person of ['s1', 's2', 's3', 's4'])
      for (const photo of [1, 2, 3, 4])
        cpSync(dataPath(`faces/orl/${person}/${photo}.pgm`), join(folder, person, `${photo}.pgm`));
    const words = ['--people', folder, '--detector', 'tiny', '--steps', '20', '--json'];
    const { code, stdout, stderr } = await finetune(...words);
    expect(stderr).toContain('4 people, 16 photos');
    expect(code).toBe(0);
    const { photos, folds } = JSON.parse(stdout);
    expect(photos).toBe(16);
    expect(folds).toHaveLength(2);
    for (const { trainedOn, people, before, after } of folds) {
      expect([trainedOn, people]).toEqual([2, 2]);
      for (const { oneShot, equalErrorRate } of [before, after]) {
        expect(oneShot).toBeGreaterThan(0.8);
        expect(equalErrorRate).toBeLessThan(0.3);
      }
    }
  });

  it('helps, and says what is missing', async () => {
    expect(await finetune('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--people DIR') });
    expect(await finetune()).toMatchObject({ code: 2, stderr: expect.stringContaining('--people is needed') });
    expect(await finetune('--people', join(folder, 'nowhere'))).toMatchObject({ code: 2 });
  });
});
