import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SignalKernels } from '../../src/signal/generated/abi.ts';
import { binary } from '../../src/signal/generated/signal.wasm.ts';
import { rootsOfUnity } from '../../src/signal/roots.ts';
import { windowOf } from '../../src/signal/window.ts';
import { dft, realDft, windowed } from '../oracle/sound.ts';
import { relativeError } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { readSections } from '../support/wasm-sections.ts';

const module = new WebAssembly.Module(readFileSync(new URL('../../build/wasm/signal.debug.wasm', import.meta.url)));

/** The sandbox's guards around the kernels for sound, whose doubles are pairs of its words. */
class SignalSandbox extends Sandbox {
  readonly signal = new WebAssembly.Instance(module, { env: { memory: this.engine.memory.wasm } })
    .exports as unknown as SignalKernels;

  doubles(values: ArrayLike<number>): number {
    const address = this.output(2 * values.length);
    this.engine.memory.f64(address, values.length).set(Array.from(values));
    return address;
  }

  readDoubles(address: number, length: number): Float64Array {
    return this.engine.memory.f64(address, length).slice();
  }
}

const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 512];
/** Rounding of float64 in some hundred sums. */
const DOUBLE = 1e-14;
/** One rounding to float32 at the end. */
const FLOAT = 1e-7;

describe('f64_fft', () => {
  it.each(sizes)('is the sum that defines it, n = %i', (n) => {
    const box = new SignalSandbox();
    const x = Float64Array.from(randomArray(2 * n, n));
    const [a, b] = [box.doubles(x), box.doubles(new Float64Array(2 * n))];
    const roots = box.doubles(rootsOfUnity(Math.max(n, 2)));
    const result = box.signal.f64_fft(a, b, roots, n, 1);
    expect([a, b]).toContain(result);
    expect(relativeError(box.readDoubles(result, 2 * n), dft(x))).toBeLessThan(DOUBLE);
    box.check();
  });

  it('reads every so many roots of a larger table', () => {
    const box = new SignalSandbox();
    const x = Float64Array.from(randomArray(64, 3));
    const [a, b] = [box.doubles(x), box.doubles(new Float64Array(64))];
    const result = box.signal.f64_fft(a, b, box.doubles(rootsOfUnity(128)), 32, 4);
    expect(relativeError(box.readDoubles(result, 64), dft(x))).toBeLessThan(DOUBLE);
    box.check();
  });

  it('leaves NaN what it is', () => {
    const box = new SignalSandbox();
    const x = new Float64Array(16);
    x[6] = Number.NaN;
    const [a, b] = [box.doubles(x), box.doubles(new Float64Array(16))];
    const result = box.signal.f64_fft(a, b, box.doubles(rootsOfUnity(8)), 8, 1);
    expect(box.readDoubles(result, 16).some(Number.isNaN)).toBe(true);
  });
});

describe('f32_stft and f32_istft', () => {
  it.each([
    [2, 1, 5],
    [4, 3, 4],
    [8, 5, 3],
    [16, 16, 2],
    [64, 17, 3],
    [256, 64, 1],
  ])('frames of %i every %i, %i of them', (n, hop, frames) => {
    const box = new SignalSandbox();
    const length = (frames - 1) * hop + n;
    const x = randomArray(length, n);
    const values = windowOf('hann', n).map((value) => value + 0.1);
    const [window, roots] = [box.doubles(values), box.doubles(rootsOfUnity(n))];
    const [scratch, out] = [box.output(4 * n), box.output(frames * (n + 2))];
    box.signal.f32_stft(out, box.input(x), window, roots, scratch, frames, hop, n);
    const spectra = box.read(out, frames * (n + 2));
    const expected = Array.from({ length: frames }, (_, t) => [...realDft(windowed(x, t, hop, 0, values))]).flat();
    expect(relativeError(spectra, expected)).toBeLessThan(FLOAT);

    const sums = box.doubles(new Float64Array(length).fill(1));
    box.signal.f32_istft(sums, box.input(spectra), window, roots, scratch, frames, hop, n);
    const overlapped = new Float64Array(length).fill(1);
    for (let t = 0; t < frames; t++)
      for (let j = 0; j < n; j++) overlapped[t * hop + j]! += values[j]! * values[j]! * x[t * hop + j]!;
    expect(relativeError(box.readDoubles(sums, length), overlapped)).toBeLessThan(FLOAT);
    box.check();
  });
});

describe('f32_with_magnitude', () => {
  it('keeps phases, and gives 0 the phase 0', () => {
    const box = new SignalSandbox();
    const out = box.output(8);
    box.signal.f32_with_magnitude(out, box.input([3, 4, 0, 0, -2, 0, 0, -0.5]), box.input([10, 7, 3, 0]), 4);
    expect([...box.read(out, 8)]).toEqual([6, 8, 7, 0, -3, 0, 0, -0]);
    box.check();
  });
});

describe('signal.wasm', () => {
  const bytes = binary.bytes();
  const sections = readSections(bytes);

  it('is the one that was built last', () => {
    expect(Buffer.from(bytes).equals(readFileSync(new URL('../../build/wasm/signal.wasm', import.meta.url)))).toBe(
      true,
    );
  });

  it('imports its memory and owns no state', () => {
    expect(sections.imports.map(({ module: from, name, kind }) => [from, name, kind])).toEqual([
      ['env', 'memory', 'memory'],
    ]);
    expect(sections.dataSegments).toBe(0);
    expect(sections.hasStart).toBe(false);
    expect(sections.globals.filter(({ mutable }) => mutable)).toEqual([]);
  });
});
