import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutput, writeWhole } from '../../src/cli/files.ts';
import { InputError } from '../../src/core/errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facsimile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeWhole', () => {
  it('writes new files and replaces old ones, and leaves nothing else behind', () => {
    const path = join(folder, 'a.txt');
    writeWhole(path, 'one');
    writeWhole(path, new Uint8Array([116, 119, 111]));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('replaces the file behind a link, not the link', () => {
    const [path, link] = [join(folder, 'a.txt'), join(folder, 'link')];
    writeFileSync(path, 'old');
    symlinkSync(path, link);
    writeWhole(link, 'new');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('writes to what is no file', () => {
    expect(() => writeWhole('/dev/null', 'gone')).not.toThrow();
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('keeps the old file and names the path where it cannot write', () => {
    const path = join(folder, 'missing', 'a.txt');
    expect(() => writeWhole(path, 'x')).toThrow(InputError);
    expect(() => writeWhole(path, 'x')).toThrow(`cannot write ${path} (ENOENT)`);
    if (process.getuid?.() === 0) return; // root may write anywhere
    writeFileSync(join(folder, 'b.txt'), 'old');
    chmodSync(folder, 0o500);
    expect(() => writeWhole(join(folder, 'b.txt'), 'new')).toThrow(InputError);
    chmodSync(folder, 0o700);
    expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('old');
  });
});

describe('checkOutput', () => {
  it('refuses a folder, and a file in a folder that is not there', () => {
    expect(() => checkOutput(folder)).toThrow('it is a folder');
    expect(() => checkOutput(join(folder, 'no', 'a.png'))).toThrow(`there is no folder ${join(folder, 'no')}`);
    expect(() => checkOutput(join(folder, 'a.png'))).not.toThrow();
  });
});
