import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sample } from './photos.ts';

const binary = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(binary)) console.warn('tests of the built command line are skipped: npm run build makes dist/cli.js');

interface Options {
  /** Sends this signal once the process has been running for so many milliseconds. */
  readonly signal?: readonly [NodeJS.Signals, number];
  /** Closes our end of its standard output at once. */
  readonly deaf?: boolean;
}

/** Runs the built program as a shell would. */
function facsimile(words: readonly string[], { signal, deaf }: Options = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [binary, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    if (deaf) child.stdout.destroy();
    else child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    if (signal) setTimeout(() => child.kill(signal[0]), signal[1]);
  });
}

describe.skipIf(!existsSync(binary))('the built program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'facsimile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('helps, and knows wrong usage', async () => {
    const help = await facsimile(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: facsimile');
    expect(await facsimile(['verify'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('loads its networks from the installed package and draws', async () => {
    const picture = join(folder, 'found.png');
    const { code, stdout, stderr } = await facsimile([
      'detect',
      sample(1),
      '--detector',
      'tiny',
      '--json',
      '--annotate',
      picture,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).faces.length).toBeGreaterThan(1);
    expect(existsSync(picture)).toBe(true);
  });

  it('stops on Ctrl-C with 130 and leaves no half-written file', async () => {
    const gallery = join(folder, 'people.gallery');
    const photos = Array.from({ length: 200 }, (_, i) => sample(1 + (i % 6)));
    const words = ['enroll', 'ada', ...photos, '--gallery', gallery, '--face', 'largest'];
    const { code, stdout } = await facsimile(words, { signal: ['SIGINT', 1500] });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(readdirSync(folder).filter((name) => name.includes('gallery'))).toEqual([]);
  });

  it('takes it calmly when nobody reads on', async () => {
    const { code, stderr } = await facsimile(['models', 'list', '--json'], { deaf: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
