import { describe, expect, it } from 'vitest';
import { cosineTransform } from '../../src/signal/cosine-transform.ts';
import { hertzToMel, type MelFilter, melFilters, melSpectrogram, melToHertz } from '../../src/signal/mel.ts';
import { mfcc } from '../../src/signal/mfcc.ts';
import { dct, htkMfcc, librosaMfcc, powers, slaneyFilters } from '../oracle/sound.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { testSound } from './sound.ts';

const dense = ({ first, weights }: MelFilter, bins: number): Float64Array => {
  const row = new Float64Array(bins);
  row.set(weights, first);
  return row;
};

describe('mel scales', () => {
  // librosa's documentation of hz_to_mel, mel_to_hz and mel_frequencies(n_mels=40).
  it('are the published ones', () => {
    expect(hertzToMel(60)).toBeCloseTo(0.9, 12);
    expect([110, 220, 440].map((f) => hertzToMel(f))).toEqual([1.65, 3.3, 6.6].map((m) => expect.closeTo(m, 12)));
    expect([1, 2, 3, 4, 5].map((m) => melToHertz(m))).toEqual(
      [66.667, 133.333, 200, 266.667, 333.333].map((f) => expect.closeTo(f, 3)),
    );
    const top = hertzToMel(11025);
    const centres = Array.from({ length: 40 }, (_, i) => melToHertz((top * i) / 39));
    const published = [
      0, 85.317, 170.635, 255.952, 341.269, 426.586, 511.904, 597.221, 682.538, 767.855, 853.173, 938.49,
    ];
    expect(centres.slice(0, 12)).toEqual(published.map((f) => expect.closeTo(f, 3)));
    expect(centres.slice(12, 16)).toEqual([1024.856, 1119.114, 1222.042, 1334.436].map((f) => expect.closeTo(f, 3)));
    expect(centres.slice(-3)).toEqual([9246.028, 10096.408, 11025].map((f) => expect.closeTo(f, 3)));
  });

  it('of HTK have 1000 Hz at 1000 mel', () => {
    expect(hertzToMel(1000, 'htk')).toBeCloseTo(1000, 1);
    expect(hertzToMel(700, 'htk')).toBeCloseTo(1127 * Math.LN2, 10);
  });

  it.each(['slaney', 'htk'] as const)('%s goes back and forth', (scale) => {
    for (const f of [0, 1, 440, 999.9, 1000, 1000.1, 8000, 22050])
      expect(melToHertz(hertzToMel(f, scale), scale)).toBeCloseTo(f, 8);
  });
});

describe('melFilters', () => {
  it('are those of librosa', () => {
    const filters = melFilters({ sampleRate: 16000, size: 512, bands: 40 }).map((filter) => [...dense(filter, 257)]);
    expect(relativeError(filters.flat(), slaneyFilters(16000, 512, 40).flat())).toBeLessThan(1e-12);
  });

  it('of HTK share every bin between two neighbours', () => {
    const filters = melFilters({
      sampleRate: 16000,
      size: 512,
      bands: 26,
      scale: 'htk',
      triangles: 'mel',
      norm: 'none',
    });
    const sums = new Float64Array(257);
    for (const { first, weights } of filters) for (const [k, weight] of weights.entries()) sums[first + k]! += weight;
    // Between the centres of the first and of the last band.
    for (let k = 3; k < 220; k++) expect(sums[k]).toBeCloseTo(1, 12);
  });

  it('may be empty where bins are wider than bands', () => {
    const filters = melFilters({ sampleRate: 8000, size: 64, bands: 60 });
    expect(filters).toHaveLength(60);
    expect(filters.some(({ weights }) => weights.length === 0)).toBe(true);
  });

  it.each([
    [{ sampleRate: 0 }, /sampleRate must be a finite number above 0, got 0/],
    [{ sampleRate: 8000, low: 500, high: 400 }, /low and high must be 0 ≤ low < high ≤ 4000, got \[500,400\]/],
    [{ sampleRate: 8000, high: 4001 }, /≤ 4000, got \[0,4001\]/],
    [{ sampleRate: 8000, bands: 0 }, /bands must be a whole number of at least 1, got 0/],
    [{ sampleRate: 8000, scale: 'bark' as never }, /scale must be 'slaney' or 'htk', got "bark"/],
  ])('refuses %o', (options, message) => {
    expect(() => melFilters(options)).toThrow(message);
  });
});

describe('melSpectrogram', () => {
  it('is the sum under each triangle', () => {
    const sound = testSound(1500);
    const filters = slaneyFilters(8000, 256, 20);
    const expected = powers(sound, 256, 80).map((frame) =>
      filters.map((filter) => filter.reduce((sum, weight, k) => sum + weight * frame[k]!, 0)),
    );
    const { values, frames, bands } = melSpectrogram(sound, { sampleRate: 8000, size: 256, hop: 80, bands: 20 });
    expect([frames, bands]).toEqual([19, 20]);
    expect(relativeError(values, expected.flat())).toBeLessThan(tolerance.elementwise);
  });
});

describe('cosineTransform', () => {
  // scipy.fft.dct(x, type=2, norm='ortho'), SciPy 1.17.
  const x = Array.from({ length: 26 }, (_, i) => ((i * 7919) % 1000) / 500 - 1);
  it('agrees with SciPy', () => {
    const { values } = cosineTransform({ values: Float32Array.from(x), frames: 1, bands: 26 }, 4);
    expect([...values]).toEqual([-0.127475509, 0.45024014, 0, 1.12751462].map((value) => expect.closeTo(value, 6)));
    expect(
      relativeError(cosineTransform({ values: Float32Array.from(x), frames: 1, bands: 26 }, 26).values, dct(x, 26)),
    ).toBeLessThan(tolerance.elementwise);
  });
});

describe('mfcc', () => {
  it('of librosa is what its definition gives, within 1e-5', () => {
    const sound = testSound(3000);
    const options = { sampleRate: 8000, convention: 'librosa', windowLength: 512, hop: 200, bands: 40 } as const;
    const { values, frames, bands } = mfcc(sound, options);
    expect([frames, bands]).toEqual([16, 20]);
    expect(relativeError(values, librosaMfcc(sound, 8000, 512, 200, 40, 20).flat())).toBeLessThan(1e-5);
  });

  it('of HTK is what its definition gives, within 1e-5', () => {
    const sound = testSound(2000);
    const { values, frames, bands } = mfcc(sound, { sampleRate: 8000, convention: 'htk' });
    expect([frames, bands]).toEqual([23, 12]);
    expect(relativeError(values, htkMfcc(sound, 8000, 26, 12).flat())).toBeLessThan(1e-5);
  });

  it('of silence is finite', () => {
    for (const convention of ['librosa', 'htk'] as const) {
      const { values } = mfcc(new Float32Array(8000), { sampleRate: 8000, convention });
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    [{ convention: 'kaldi' as never }, /convention must be 'librosa' or 'htk', got "kaldi"/],
    [{ convention: 'htk' as const, coefficients: 26 }, /coefficients must be a whole number from 1 to 25, got 26/],
    [{ convention: 'htk' as const, windowLength: 4000 }, /a frame of 4000 samples needs a sound as long, got 2000/],
  ])('refuses %o', (options, message) => {
    expect(() => mfcc(testSound(2000), { sampleRate: 8000, ...options })).toThrow(message);
  });
});
