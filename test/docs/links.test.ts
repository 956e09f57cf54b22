import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const markdown = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

/** Anchors as GitHub makes them of headings. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(['README.md', 'CHANGELOG.md', ...markdown('docs'), ...markdown('docs/guides')])(
  '%s links to what is there',
  (path) => {
    const text = readFileSync(path, 'utf8').replace(/^```[\s\S]*?^```|^ {4}.*$|`[^`\n]*`/gm, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^\w+:/.test(link));
    const dead = links.filter((link) => {
      const [file, anchor] = link.split('#') as [string, string | undefined];
      const target = file ? join(dirname(path), file) : path;
      return !existsSync(target) || (anchor && !anchors(readFileSync(target, 'utf8')).includes(anchor));
    });
    expect(dead).toEqual([]);
  },
);
