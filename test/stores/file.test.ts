import files, { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { fileStore } from '../../src/stores/file.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('fileStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facsimile-store-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  it('gives back what was saved, and nothing before that', async () => {
    const store = fileStore(join(folder, 'people.gallery'));
    expect(await store.load()).toBeUndefined();
    await store.save(bytesOf('first, the longer one'));
    await store.save(bytesOf('second'));
    expect(await store.load()).toEqual(bytesOf('second'));
    expect(await readdir(folder)).toEqual(['people.gallery']);
  });

  it('lets only the owner read a new file and keeps the mode of an old one', async () => {
    const path = join(folder, 'people.gallery');
    await fileStore(path).save(bytesOf('a'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await files.chmod(path, 0o640);
    await fileStore(path).save(bytesOf('b'));
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('replaces the file that a link leads to, not the link', async () => {
    const target = join(folder, 'target');
    await writeFile(target, 'old');
    await symlink(target, join(folder, 'link'));
    await fileStore(join(folder, 'link')).save(bytesOf('new'));
    expect(await readFile(target, 'utf8')).toBe('new');
  });

  it('keeps the old file and leaves no other where writing fails half way', async () => {
    const path = join(folder, 'people.gallery');
    const store = fileStore(path);
    await store.save(bytesOf('the old gallery'));
    const open = files.open;
    vi.spyOn(files, 'open').mockImplementation(async (...args) => {
      const handle = await open(...args);
      handle.writeFile = async () => {
        await handle.write('the ne');
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      };
      return handle;
    });
    await expect(store.save(bytesOf('the new gallery'))).rejects.toThrow(/people\.gallery \(ENOSPC\)/);
    expect(await readFile(path, 'utf8')).toBe('the old gallery');
    expect(await readdir(folder)).toEqual(['people.gallery']);
  });

  it('keeps the old file and leaves no other where renaming fails', async () => {
    const path = join(folder, 'people.gallery');
    const store = fileStore(path);
    await store.save(bytesOf('old'));
    vi.spyOn(files, 'rename').mockRejectedValueOnce(Object.assign(new Error('busy'), { code: 'EBUSY' }));
    await expect(store.save(bytesOf('new'))).rejects.toThrow(InputError);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['people.gallery']);
  });

  it('never shows a reader half a file while many save at once', async () => {
    const path = join(folder, 'people.gallery');
    const versions = Array.from({ length: 8 }, (_, i) => new Uint8Array(200_000).fill(i));
    await fileStore(path).save(versions[0]!);
    let saving = true;
    const reading = (async () => {
      while (saving) {
        const seen = (await fileStore(path).load())!;
        expect(seen.length).toBe(200_000);
        expect(seen.every((byte) => byte === seen[0])).toBe(true);
      }
    })();
    await Promise.all(versions.map((version) => fileStore(path).save(version)));
    saving = false;
    await reading;
    expect(await readdir(folder)).toEqual(['people.gallery']);
  });

  it('says which path cannot be used', async () => {
    await mkdir(join(folder, 'taken'));
    await expect(fileStore(join(folder, 'taken')).load()).rejects.toThrow(/taken \(EISDIR\)/);
    await expect(fileStore(join(folder, 'taken')).save(bytesOf('x'))).rejects.toThrow(/taken \(EISDIR\)/);
    await expect(fileStore(join(folder, 'missing', 'x')).save(bytesOf('x'))).rejects.toThrow(/missing\/x \(ENOENT\)/);
    expect(await readdir(folder)).toEqual(['taken']);
    expect(() => fileStore('')).toThrow(InputError);
  });
});
