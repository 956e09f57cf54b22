const BLOCK = 64;

/**
 * SHA-256 (FIPS 180-4) of bytes that come in pieces. Plain TypeScript, so it is synchronous and is there where
 * `crypto.subtle` is not, as in pages that are not served securely.
 *
 * @example
 * new Sha256().update(header).update(body).hex();
 */
export class Sha256 {
  readonly #state = initialState();
  readonly #schedule = new Int32Array(64);
  readonly #pending = new Uint8Array(BLOCK);
  readonly #pendingView = new DataView(this.#pending.buffer);
  #bytes = 0;

  update(bytes: Uint8Array): this {
    const filled = this.#bytes % BLOCK;
    this.#bytes += bytes.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(BLOCK - filled, bytes.length);
      this.#pending.set(bytes.subarray(0, at), filled);
      if (filled + at < BLOCK) return this;
      compress(this.#state, this.#schedule, this.#pendingView, 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; at + BLOCK <= bytes.length; at += BLOCK) compress(this.#state, this.#schedule, view, at);
    this.#pending.set(bytes.subarray(at));
    return this;
  }

  /** The digest of all bytes so far, as 64 hexadecimal digits. Nothing may follow it. */
  hex(): string {
    const bits = this.#bytes * 8;
    const end = new Uint8Array((this.#bytes % BLOCK < 56 ? 64 : 128) - (this.#bytes % BLOCK));
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 0x100000000));
    view.setUint32(end.length - 4, bits % 0x100000000);
    this.update(end);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** SHA-256 of bytes as 64 hexadecimal digits. */
export const sha256 = (bytes: Uint8Array): string => new Sha256().update(bytes).hex();

const FIRST_PRIMES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239,
  241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311,
];

/** ⌊2³²·ᵈ√p⌋ mod 2³² in whole numbers: the largest n with nᵈ ≤ p·2³²ᵈ, bit by bit. */
function fractionOfRoot(p: number, degree: number): number {
  const target = BigInt(p) << BigInt(32 * degree);
  let root = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** BigInt(degree) <= target) root += bit;
  return Number(root & 0xffffffffn);
}

/** First 32 bits of the fractions of √p for the first 8 primes (FIPS 180-4, 5.3.3). */
const initialState = (): Int32Array => Int32Array.from(FIRST_PRIMES.slice(0, 8), (p) => fractionOfRoot(p, 2));

let roundConstants: Int32Array | undefined;

/** One block of 64 bytes (FIPS 180-4, 6.2.2); its constants are the fractions of ∛p for the first 64 primes (4.2.2). */
function compress(state: Int32Array, w: Int32Array, block: DataView, at: number): void {
  const k = (roundConstants ??= Int32Array.from(FIRST_PRIMES, (p) => fractionOfRoot(p, 3)));
  for (let t = 0; t < 16; t++) w[t] = block.getInt32(at + t * 4);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[t]! + w[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
}
