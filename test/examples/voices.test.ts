import { describe, expect, it } from 'vitest';
import { dataPath, hasData } from '../data.ts';
import { exampleRunner } from './run-example.ts';

const { built, run: voices } = exampleRunner('voices.mjs', 'npm run example:voices');

describe.skipIf(!built || !hasData)('npm run example:voices', () => {
  const play = (...words: string[]) =>
    voices('--data', dataPath('audio/fsdd'), '--task', 'digits', '--hold', 'jackson,yweweler', '--json', ...words);

  it('tells words of voices that it never heard apart, better than MFCC, with the same bits each time', {
    timeout: 300_000,
  }, async () => {
    const [first, again] = [await play('--steps', '40'), await play('--steps', '40')];
    expect(first.code).toBe(0);
    expect(again.stdout).toBe(first.stdout);
    const { digits } = JSON.parse(first.stdout);
    expect(digits).toMatchObject({ trials: 1280, chance: 0.1, weights: expect.stringMatching(/^[\da-f]{64}$/) });
    // MFCC has 55 %, 250 steps 77 %.
    expect(digits.accuracy).toBeGreaterThan(digits.baseline);
  });

  it('says what is missing', async () => {
    expect(await voices()).toMatchObject({ code: 2, stderr: expect.stringContaining('--data is needed') });
    expect(await play('--task', 'songs')).toMatchObject({ code: 2 });
    expect(await voices('--data', dataPath('audio/nowhere'))).toMatchObject({ code: 2 });
  });
});
