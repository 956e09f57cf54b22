import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { beside, inside, locate, nameOf } from '../../src/io/location.ts';

afterEach(() => vi.unstubAllGlobals());

describe('locate', () => {
  it.each([
    ['weights/w.bin', 'weights/w.bin'],
    ['/weights/w.bin', '/weights/w.bin'],
    ['C:\\weights\\w.bin', 'C:\\weights\\w.bin'],
    ['file:///weights/a%20b.bin', '/weights/a b.bin'],
  ])('%s is the path %s', (source, path) => {
    expect(locate(source)).toEqual({ path });
  });

  it.each(['https://example.org/w.bin', 'blob:nodedata:1', 'data:,w'])('%s is a URL', (source) => {
    expect(locate(source)).toEqual({ url: new URL(source) });
    expect(locate(new URL(source))).toEqual({ url: new URL(source) });
  });

  it('takes other texts as relative URLs in a page', () => {
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('location', { href: 'https://example.org/app/index.html' });
    expect(nameOf(locate('models/w.bin'))).toBe('https://example.org/app/models/w.bin');
    expect(nameOf(locate('/w.bin'))).toBe('https://example.org/w.bin');
    expect(nameOf(locate('file:///w.bin'))).toBe('file:///w.bin');
  });

  it('refuses them where there is neither page nor file system', () => {
    vi.stubGlobal('process', undefined);
    expect(() => locate('models/w.bin')).toThrow(InputError);
  });
});

describe('beside and inside', () => {
  it.each([
    ['a/b/m.json', 'a/b/w.bin'],
    ['m.json', 'w.bin'],
    ['a\\m.json', 'a\\w.bin'],
    ['https://example.org/a/m.json?v=1', 'https://example.org/a/w.bin'],
  ])('w.bin beside %s is %s', (source, expected) => {
    expect(nameOf(beside(locate(source), 'w.bin'))).toBe(expected);
  });

  it.each([
    ['a/b', 'a/b/w.bin'],
    ['a/b//', 'a/b/w.bin'],
    ['https://example.org/a/', 'https://example.org/a/w.bin'],
  ])('w.bin inside %s is %s', (source, expected) => {
    expect(nameOf(inside(locate(source), 'w.bin'))).toBe(expected);
  });
});
