import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Digest, digest } from '../../src/digest/digest.ts';
import { hashOf } from '../../src/digest/hash.ts';
import * as graph from '../../src/graph/index.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { hasOtherRuntimes, otherRuntimes, runIn } from '../support/runtimes.ts';

// After a change that is meant to change bits: npm run build && node dist/cli.js digest --json > test/digest/golden.json
const golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as Digest;

describe('digest', () => {
  let here: Digest;
  beforeAll(async () => {
    here = await digest();
  });

  it('is the golden one', () => {
    expect(here.cases).toEqual(golden.cases);
    expect(here.digest).toBe(golden.digest);
  });

  // The binaries come from npm for Linux on x64 alone.
  it.skipIf(!hasOtherRuntimes).each(otherRuntimes)('is the golden one in %s', (runtime) => {
    const there = runIn<Digest>(runtime, new URL('./print.ts', import.meta.url));
    expect(there.cases).toEqual(golden.cases);
    expect(there.digest).toBe(golden.digest);
  });

  it.each([2, 3])('is the golden one on %i threads', async (threads) => {
    const engine = await createEngine({ threads });
    const { cases } = await digest({ engine });
    engine.close();
    expect(cases).toEqual(golden.cases);
  });

  it('covers every op', () => {
    // An external op computes what its caller says.
    const ops = Object.values(graph).filter(
      (value): value is graph.Op => typeof value === 'object' && 'shape' in value,
    );
    const names = ops.map(({ name }) => name).filter((name) => name !== 'external');
    expect(names.length).toBeGreaterThan(40);
    const covered = Object.keys(here.cases).map((name) => name.split(' ')[0]);
    expect(names.filter((name) => !covered.includes(name))).toEqual([]);
  });

  it('gives every case another hash', () => {
    const hashes = Object.values(here.cases);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('hashOf', () => {
  it('takes any NaN for the same, and nothing else', () => {
    const quiet = new Float32Array(Uint32Array.of(0x7fc00000, 1).buffer);
    const other = new Float32Array(Uint32Array.of(0xffc12345, 1).buffer);
    expect(hashOf([other])).toBe(hashOf([quiet]));
    expect(hashOf([Float32Array.of(0)])).not.toBe(hashOf([Float32Array.of(-0)]));
  });

  it('knows where a part ends', () => {
    const [a, b, c] = [1, 2, 3].map((value) => Float32Array.of(value));
    expect(hashOf([a!, Float32Array.of(2, 3)])).not.toBe(hashOf([Float32Array.of(1, 2), c!]));
    expect(hashOf([a!, b!])).not.toBe(hashOf([Float32Array.of(1, 2)]));
  });

  it('is SHA-256 of lengths and little-endian values', () => {
    // printf '\1\0\0\0\0\0\200\77' | sha256sum
    expect(hashOf([Float32Array.of(1)])).toBe('0bbddbf843b42ccf34fe6ea20bcadbcb0d4837b49df3d75e111eca713090aa6e');
  });
});
