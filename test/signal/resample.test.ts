import { describe, expect, it } from 'vitest';
import { resample } from '../../src/signal/resample.ts';
import { sine, testSound } from './sound.ts';

/** Largest difference away from the ends, where a sound begins and stops. */
function inside(a: Float32Array, b: Float32Array, margin: number): number {
  let largest = 0;
  for (let i = margin; i < a.length - margin; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

describe('resample', () => {
  it.each([
    [8000, 16000, 440],
    [44100, 16000, 440],
    [16000, 8000, 3400],
    [8000, 44100, 3400],
    [16000, 11025, 4000],
  ])('%i → %i keeps a sine of %i Hz to 1e-5', (from, to, hertz) => {
    const out = resample(sine(hertz, from, from / 4), from, to);
    expect(out.length).toBe(Math.ceil(((from / 4) * to) / from));
    expect(inside(out, sine(hertz, to, out.length), Math.ceil(to / 40))).toBeLessThan(1e-5);
  });

  it('takes out what the lower rate cannot hold: 1e-4 of it is left', () => {
    const out = resample(sine(4100, 16000, 16000), 16000, 8000);
    expect(Math.max(...out.subarray(200, -200).map(Math.abs))).toBeLessThan(1e-4);
  });

  it('keeps a constant exactly, away from the ends', () => {
    const out = resample(new Float32Array(3000).fill(0.5), 44100, 16000);
    for (let i = 70; i < out.length - 70; i++) expect(out[i]).toBeCloseTo(0.5, 7);
  });

  it('copies at the same rate, and gives as many samples as the time takes', () => {
    const sound = testSound(100);
    const same = resample(sound, 8000, 8000);
    expect(same).toEqual(sound);
    expect(same).not.toBe(sound);
    expect(resample(sound, 3, 2)).toHaveLength(67);
    expect(resample(new Float32Array(0), 3, 2)).toHaveLength(0);
  });

  it('refuses other rates than whole numbers above 0, and what is not finite', () => {
    expect(() => resample(testSound(10), 0, 8000)).toThrow(
      'resample: from must be a whole number from 1 to 10000000, got 0',
    );
    expect(() => resample(testSound(10), 8000, 1.5)).toThrow(/to must be a whole number/);
    expect(() => resample(Float32Array.of(Number.POSITIVE_INFINITY), 1, 2)).toThrow('resample: sample 0 is Infinity');
  });
});
