import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moved } from '../../src/volumes/motion.ts';
import { sheppLogan } from '../../src/volumes/phantom.ts';
import { niftiFile } from '../support/nifti-file.ts';
import { exampleRunner } from './run-example.ts';

const { built, run } = exampleRunner('volumes.mjs', 'the example volumes');

/** A phantom as a file, turned by some degrees. */
function scan(degrees: number): Uint8Array {
  const { values, shape, affine } = moved(sheppLogan(32), { rotation: [degrees, 2 * degrees, 0] });
  const data = new Uint8Array(values.slice().buffer);
  return niftiFile({ sizes: [...shape].reverse(), datatype: 16, data, sform: { code: 1, rows: affine } });
}

describe.skipIf(!built)('example volumes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'facsimile-volumes-'));
    for (const name of ['first', 'second', 'first/empty']) mkdirSync(join(folder, name));
    for (const [i, name] of ['first/a.nii', 'first/b.nii', 'second/c.nii', 'second/d.nii'].entries())
      writeFileSync(join(folder, name), scan(10 * i));
    writeFileSync(join(folder, 'second', 'broken.nii'), scan(0).subarray(0, 5000));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('learns on one half, is tried on the other, and has the same bits at every run', {
    timeout: 120_000,
  }, async () => {
    const [first, again] = [
      await run('--data', folder, '--steps', '2', '--json'),
      await run('--data', folder, '--steps', '2', '--json'),
    ];
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).toContain('left out broken.nii: nifti: it ends early');
    expect(again.stdout).toBe(first.stdout);
    const result = JSON.parse(first.stdout);
    expect(result.folds.map(({ weights }: { weights: string }) => weights)).toEqual([
      expect.stringMatching(/^[\da-f]{64}$/),
      expect.stringMatching(/^[\da-f]{64}$/),
    ]);
    const [one, two] = result.folds;
    expect(result.trials).toBe(one.trials + two.trials);
    // Of each place 8 scans beside the one that is enrolled.
    expect(one.trials).toBe(8 * one.ways);
    expect(result.accuracy).toBe((one.correct + two.correct) / result.trials);
    expect(result.chance).toBeCloseTo(16 / result.trials, 12);
    expect(result.interval[0]).toBeLessThan(result.accuracy);
    expect(result.interval[1]).toBeGreaterThan(result.accuracy);
  });

  it('helps, and says what is missing', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--data DIR') });
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('--data is needed') });
    expect(await run('--data', join(folder, 'nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read the folder'),
    });
    expect(await run('--data', join(folder, 'first', 'empty'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('must hold two scans or more'),
    });
    expect(await run('--data', folder, '--steps', '0')).toMatchObject({ code: 2 });
  });
});
