import { exp } from './math.ts';

/** Rounds of a 32-bit word that is to depend on every bit of it (the finalizer of MurmurHash3, public domain, A. Appleby). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** 2³² over the golden ratio: what keeps words apart that are counted up from 0. */
const GOLDEN = 0x9e3779b9;
const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** √(8/e): the width of the rectangle that normal values are drawn from (Kinderman & Monahan 1977). */
const NORMAL_WIDTH = 1.7155277699214135;

/**
 * Random numbers that are a function of a seed and of a path of whole numbers, the same on every engine: the numbers of
 * one image of one step need no others to have been drawn before, so any run can be resumed or replayed from anywhere.
 *
 * xoshiro128** (Blackman & Vigna 2018) started from a hash of the path; integer arithmetic, and normal values by √, + − · /
 * and our own exponential only.
 *
 * @example
 * const rng = new Rng(seed, step, image);
 * const angle = rng.between(-15, 15);
 */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param path Whole numbers; other paths give other sequences. */
  constructor(seed: number, ...path: readonly number[]) {
    let hash = 0;
    for (const part of [seed, ...path]) {
      // Whole numbers beyond 32 bits count in full.
      hash = mix(Math.imul(hash, 5) + GOLDEN + (part | 0));
      hash = mix(hash + Math.imul(Math.floor(part / 0x100000000), GOLDEN));
    }
    const word = (i: number): number => mix(hash + Math.imul(i, GOLDEN));
    [this.#a, this.#b, this.#c, this.#d] = [word(1), word(2), word(3), word(4) | 1];
  }

  /** A whole number from 0 to 2³² − 1. */
  uint32(): number {
    const result = Math.imul(rotated(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotated(this.#d, 11);
    return result;
  }

  /** From 0 to below 1, in steps of 2⁻³². */
  uniform(): number {
    return this.uint32() / 0x100000000;
  }

  /** From `low` to below `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0 to below n, each as likely; n from 1 to 2³². */
  below(n: number): number {
    // The last, incomplete run of n numbers would make the first ones likelier.
    const limit = 0x100000000 - (0x100000000 % n);
    for (;;) {
      const word = this.uint32();
      if (word < limit) return word % n;
    }
  }

  /** Normal with mean 0 and variance 1, by the ratio of two uniform values: x = (v − ½)·√(8/e)/u is one where u² ≤ e^(−x²/2). */
  normal(): number {
    for (;;) {
      const u = 1 - this.uniform();
      const x = ((this.uniform() - 0.5) * NORMAL_WIDTH) / u;
      const t = (x * x) / 4;
      // 1 − t ≤ e⁻ᵗ settles most draws without an exponential.
      if (u <= 1 - t || u <= exp(-t)) return x;
    }
  }

  /** Puts items in random order (Fisher–Yates), in place, and gives them back. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}

/** A whole number for a name (FNV-1a over its UTF-16), to stand in a path. */
export function nameNumber(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
