import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { facsimile } from './capture.ts';

const commands = [
  'detect',
  'embed',
  'verify',
  'enroll',
  'recognize',
  'evaluate',
  'calibrate',
  'oneshot',
  'inspect',
  'receptive-field',
  'models',
];

describe('help', () => {
  it('lists every command with an example and the exit codes', async () => {
    const { code, stdout, stderr } = await facsimile('--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stdout).toContain('$ facsimile verify');
    expect(stdout).toContain('Exit codes: 0 yes or done, 1 no, 2 input that cannot be used, 3 failure.');
  });

  it.each([
    ...commands.filter((name) => name !== 'models').map((name) => [name]),
    ['models', 'list'],
    ['models', 'pull'],
    ['models', 'path'],
    ['models', 'copy'],
  ])('of %s %s has an example and says what --json does', async (...words) => {
    const { code, stdout } = await facsimile(...words, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: facsimile ${words.join(' ')}`);
    expect(stdout).toContain(`$ facsimile ${words.join(' ')}`);
    expect(stdout).toContain('--json');
  });

  it('is what no words at all are answered with, as wrong usage', async () => {
    const { code, stdout, stderr } = await facsimile();
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: facsimile');
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await facsimile('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('wrong usage', () => {
  const table: [string, string[], string][] = [
    ['an unknown command', ['verfy', 'a', 'b'], "unknown command 'verfy'"],
    ['an unknown option', ['verify', 'a', 'b', '--fast'], "unknown option '--fast'"],
    ['a missing photo', ['verify', 'a.jpg'], "missing required argument 'b'"],
    ['a photo too many', ['detect', 'a.jpg', 'b.jpg'], 'too many arguments'],
    ['an unknown detector', ['detect', 'a.jpg', '--detector', 'mtcnn'], "argument 'mtcnn' is invalid"],
    ['a threshold that is no number', ['verify', 'a', 'b', '--threshold', 'low'], 'It must be a distance'],
    ['a negative threshold', ['verify', 'a', 'b', '--threshold=-1'], 'It must be a distance'],
    ['a face that is none', ['embed', 'a.jpg', '--face', 'left'], 'It must be largest, central'],
    ['no gallery', ['recognize', 'a.jpg'], "required option '--gallery <file>' not specified"],
    ['no pairs', ['evaluate', '--images', 'x'], "required option '--pairs <files...>' not specified"],
    ['networks that are none', ['models', 'copy', 'voices', 'x'], "'voices' is invalid"],
    ['half a command', ['models'], ''],
  ];
  it.each(table)('%s is exit code 2 and a sentence', async (_, words, message) => {
    const { code, stdout, stderr } = await facsimile(...words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it.each(table.slice(0, -1))('%s with --json is one JSON document', async (_, words, message) => {
    const { code, stdout, stderr } = await facsimile(...words, '--json');
    expect(code).toBe(2);
    expect(stderr).toBe('');
    const { error } = JSON.parse(stdout);
    expect(error.name).toBe('UsageError');
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/^error:/);
  });

  it('says where help is', async () => {
    expect((await facsimile('verify')).stderr).toContain('Run "facsimile verify --help"');
    expect((await facsimile('verfy')).stderr).toContain('Did you mean verify?');
  });
});
