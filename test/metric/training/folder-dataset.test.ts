import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/image/encode.ts';
import { folderDataset } from '../../../src/metric/training/folder-dataset.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facsimile-dataset-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Writes a picture of one grey, with one pixel of another so that pictures differ. */
async function put(path: string, grey: number, [width, height] = [4, 4], mark = 0): Promise<string> {
  const data = new Uint8Array(width! * height! * 4).fill(255);
  for (let i = 0; i < data.length; i += 4) data.fill(grey, i, i + 3);
  data.fill(mark, 0, 3);
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await encodePng({ data, width: width!, height: height! }));
  return file;
}
const folder = (name: string): string => join(root, name);

describe('folderDataset', () => {
  it('calls classes by their path, nested ones too, and passes over what is no picture', async () => {
    await put('nested/Greek/alpha/1.png', 10);
    await put('nested/Greek/alpha/2.png', 20);
    await put('nested/Latin/a/1.png', 30);
    writeFileSync(join(root, 'nested/Greek/notes.txt'), 'hello');
    writeFileSync(join(root, 'nested/Greek/alpha/.hidden.png'), 'no picture');
    const seen: number[] = [];
    const dataset = await folderDataset(folder('nested'), {
      channels: 1,
      mean: 255,
      divisor: -255,
      onProgress: (done) => seen.push(done),
    });
    expect(dataset.shape).toEqual([4, 4, 1]);
    expect(dataset.classes).toEqual([
      { name: 'Greek/alpha', examples: [0, 1] },
      { name: 'Latin/a', examples: [2] },
    ]);
    expect(dataset.files.map((path) => path.slice(root.length + 1))).toEqual([
      'nested/Greek/alpha/1.png',
      'nested/Greek/alpha/2.png',
      'nested/Latin/a/1.png',
    ]);
    expect(seen).toEqual([1, 2, 3]);
    const values = new Float32Array(16);
    dataset.read(1, values);
    expect(values[0]).toBe(1);
    expect(values[5]).toBeCloseTo((255 - 20) / 255, 6);
  });

  it('makes one class of two folders of one name, each picture once', async () => {
    await put('small1/Greek/alpha/1.png', 40);
    await put('small2/Greek/alpha/1.png', 40);
    await put('small2/Greek/alpha/2.png', 50);
    const dataset = await folderDataset([folder('small1'), folder('small2')]);
    expect(dataset.classes).toEqual([{ name: 'Greek/alpha', examples: [0, 1] }]);
    expect(dataset.repeated).toEqual([join(root, 'small2/Greek/alpha/1.png')]);
  });

  it('refuses a picture that two classes hold', async () => {
    await put('twice/Latin/a/1.png', 60);
    await put('twice/Roman/a/7.png', 60);
    await expect(folderDataset(folder('twice'))).rejects.toThrow(
      `classes "Latin/a" and "Roman/a" hold the same picture, ${join(root, 'twice/Latin/a/1.png')} and ${join(root, 'twice/Roman/a/7.png')}`,
    );
  });

  it('refuses sizes that differ, and brings them to one where told', async () => {
    await put('sizes/a/1.png', 70);
    const other = await put('sizes/a/2.png', 80, [6, 4]);
    await expect(folderDataset(folder('sizes'))).rejects.toThrow(
      `${other} is 6 × 4 and ${join(root, 'sizes/a/1.png')} 4 × 4`,
    );
    const dataset = await folderDataset(folder('sizes'), { size: [2, 3], channels: 3 });
    expect(dataset.shape).toEqual([2, 3, 3]);
  });

  it('fails at a picture that cannot be read, or lists it', async () => {
    await put('broken/a/1.png', 90);
    const bad = join(root, 'broken/a/2.png');
    writeFileSync(bad, 'this is no picture');
    await expect(folderDataset(folder('broken'))).rejects.toThrow(bad);
    const dataset = await folderDataset(folder('broken'), { unreadable: 'skip' });
    expect(dataset.size).toBe(1);
    expect(dataset.unreadable).toEqual([{ path: bad, reason: expect.stringContaining('2.png') }]);
    rmSync(join(root, 'broken/a/1.png'));
    await expect(folderDataset(folder('broken'), { unreadable: 'skip' })).rejects.toThrow(
      'none of 1 pictures can be read',
    );
  });

  it('names a folder that is not there, is empty, or holds pictures of no class', async () => {
    await expect(folderDataset(folder('missing'))).rejects.toThrow(
      `cannot read the folder ${folder('missing')} (ENOENT)`,
    );
    mkdirSync(folder('empty/a'), { recursive: true });
    await expect(folderDataset(folder('empty'))).rejects.toThrow(`there are no pictures in ${folder('empty')}`);
    const loose = await put('loose/1.png', 100);
    await expect(folderDataset(folder('loose'))).rejects.toThrow(`${loose} lies in no class`);
  });

  it('stops when told', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const work = folderDataset(folder('nested'), { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(work).rejects.toBe(reason);
  });

  it.each([
    [{ size: 0 }, 'size must be whole numbers of at least 1'],
    [{ channels: 2 as 1 }, 'channels must be 1 or 3'],
    [{ divisor: 0 }, 'divisor not 0'],
    [{ unreadable: 'ignore' as 'skip' }, "unreadable must be 'fail' or 'skip'"],
  ])('refuses %j', async (options, message) => {
    await expect(folderDataset(folder('nested'), options)).rejects.toThrow(message);
  });
});
