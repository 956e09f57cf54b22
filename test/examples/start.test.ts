import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faceApiPath } from '../data.ts';
import { exampleRunner } from './run-example.ts';

const { built, run: start } = exampleRunner('start.mjs', 'npm start');

describe.skipIf(!built)('npm start', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'facsimile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("takes a folder of one's own photos and writes a report", async () => {
    const photos = join(folder, 'photos');
    mkdirSync(photos);
    for (const number of [1, 3])
      copyFileSync(faceApiPath(`demo/sample${number}.jpg`), join(photos, `party ${number}.jpg`));
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await start('--photos', photos, '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('party 1.jpg: 3 faces\nparty 3.jpg: 3 faces');
    expect(stdout).toMatch(/Person \d of party 1\.jpg is recognized in party 3\.jpg \(distance 0\.4\d\d\)/);
    expect(stdout).toMatch(/In 8 altered copies of the photos: \d+ of 24 faces right, 0 taken for somebody else/);
    expect(stdout).toContain(`Look at ${join(out, 'report.html')}`);
    const report = readFileSync(join(out, 'report.html'), 'utf8').replace(/base64,[^"]*/g, '');
    expect(report).toContain('6 faces in 2 photos');
    expect(report.match(/<img /g)!.length).toBeGreaterThan(8);
    expect(report).not.toMatch(/NaN|undefined|\[object/);
  }, 240_000);

  it('helps, and says what is wrong with its input', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'notes.txt'), 'no photo');
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'a.jpg'), 'no photo either');
    expect(await start('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('npm start -- --photos') });
    for (const [words, message] of [
      [['--photos', join(folder, 'missing')], 'there is no folder'],
      [['--photos', empty], 'holds no JPEG or PNG photos'],
      [['--photos', broken], 'a.jpg'],
      [['--threshold', 'low'], '--threshold must be a distance'],
      [['--fotos', 'x'], "Unknown option '--fotos'"],
    ] as const) {
      const { code, stdout, stderr } = await start(...words);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(message);
      expect(stderr).not.toContain('    at ');
    }
  });
});
