import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sha256, sha256 } from '../../src/core/sha256.ts';
import { randomFrom } from '../support/random.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('sha256', () => {
  it('gives the published digests of FIPS 180-4', () => {
    expect(sha256(ascii(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256(ascii('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(ascii('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('agrees with OpenSSL at every length up to three blocks, however the bytes are cut', () => {
    const random = randomFrom(1);
    for (let length = 0; length <= 193; length++) {
      const bytes = Uint8Array.from({ length }, () => random() * 256);
      const hash = new Sha256();
      for (let at = 0; at < length; ) {
        const next = at + 1 + Math.floor(random() * 70);
        hash.update(bytes.subarray(at, next));
        at = next;
      }
      expect(hash.hex()).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});
