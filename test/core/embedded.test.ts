import { describe, expect, it } from 'vitest';
import { embed } from '../../scripts/embed.mjs';
import { embeddedBytes } from '../../src/core/embedded.ts';

describe('embeddedBytes', () => {
  const every = Uint8Array.from({ length: 256 }, (_, i) => i);
  it.each<[string, Uint8Array]>([
    ['every byte', every],
    ['every byte behind every byte', Uint8Array.from([...every].flatMap((a) => [...every].flatMap((b) => [a, b])))],
    ['nothing', new Uint8Array()],
  ])('gives %s back', (_, bytes) => {
    expect(Buffer.from(embeddedBytes(JSON.parse(embed(bytes)))).equals(Buffer.from(bytes))).toBe(true);
  });

  it('is of printable characters, and the string in a source file is the text itself', () => {
    expect(embed(every)).toMatch(/^"[ !#-[\]-~]+"$/);
  });
});
