import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { griffinLim } from '../../src/signal/griffin-lim.ts';
import { decibels, spectrogram } from '../../src/signal/spectrogram.ts';
import { istft, stft } from '../../src/signal/stft.ts';
import { powers } from '../oracle/sound.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { sine, testSound } from './sound.ts';

describe('stft', () => {
  // numpy.fft.rfft of numpy.pad(x, 128)[64·t:64·t + 256] · scipy.signal.get_window('hann', 256), NumPy 2.4 and SciPy 1.17.
  const x = Float32Array.from({ length: 600 }, (_, i) => ((i * 7919) % 1000) / 500 - 1);
  const numpy: [frame: number, bin: number, re: number, im: number][] = [
    [3, 0, 0.52883056, 0],
    [3, 1, -0.25968057, 0.63453974],
    [3, 2, 0.00414878, -0.14015754],
    [9, 127, 0.07328159, 0.47742066],
    [9, 128, -0.35922138, 0],
  ];
  it('agrees with NumPy', () => {
    const { values, frames, bins } = stft(x, { size: 256, hop: 64 });
    expect([frames, bins]).toEqual([10, 129]);
    for (const [t, k, re, im] of numpy) {
      expect(values[2 * (t * bins + k)]).toBeCloseTo(re, 7);
      expect(values[2 * (t * bins + k) + 1]).toBeCloseTo(im, 7);
    }
  });

  it('is one bin where the sound is one frequency', () => {
    const { values, bins } = stft(sine(1000, 8000, 512), {
      size: 256,
      hop: 256,
      window: 'rectangular',
      centred: false,
    });
    for (let k = 0; k < bins; k++) {
      const magnitude = Math.sqrt(values[2 * k]! ** 2 + values[2 * k + 1]! ** 2);
      expect(magnitude).toBeCloseTo(k === 32 ? 128 : 0, 4);
    }
  });

  it('mirrors the sound beyond its ends on request', () => {
    const sound = testSound(100);
    const mirrored = Float32Array.from({ length: 100 + 64 }, (_, i) => {
      const at = Math.abs(i - 32);
      return sound[at < 100 ? at : 198 - at]!;
    });
    const reflected = stft(sound, { size: 64, hop: 16, padding: 'reflect' });
    expect(reflected.values).toEqual(stft(mirrored, { size: 64, hop: 16, centred: false }).values);
  });

  it('has the same bits on an engine with threads', async () => {
    const engine = await createEngine({ threads: 2 });
    const sound = testSound(3000);
    expect(stft(sound, { size: 256, engine }).values).toEqual(stft(sound, { size: 256 }).values);
    engine.close();
  });

  it('gives its memory back', () => {
    const engine = createEngine();
    stft(testSound(3000), { size: 256, engine });
    const { usedBytes } = engine.regions;
    stft(testSound(3000), { size: 256, engine });
    expect(engine.regions.usedBytes).toBe(usedBytes);
  });

  it.each([
    [{ size: 100 }, /stft: size must be a power of two from 2 to 65536, got 100/],
    [{ hop: 0 }, /stft: hop must be a whole number of at least 1, got 0/],
    [{ size: 64, windowLength: 65 }, /windowLength must be a whole number from 1 to size, 64, got 65/],
    [{ window: 'kaiser' as never }, /window must be one of hann, hamming, rectangular, got "kaiser"/],
    [{ centred: false }, /a frame of 2048 samples needs a sound of at least 2048, got 1000/],
    [{ padding: 'reflect' as const }, /needs a sound of at least 1025, got 1000/],
  ])('refuses %o', (options, message) => {
    expect(() => stft(testSound(1000), options)).toThrow(message);
  });

  it('refuses what is not finite, and a sound of no samples', () => {
    expect(() => stft(Float32Array.of(0, Number.NaN))).toThrow('stft: sample 1 is NaN');
    expect(() => stft(new Float32Array(0))).toThrow(/needs a sound of at least 1, got 0/);
  });
});

describe('istft', () => {
  it.each([
    [256, 64, 1000],
    [128, 100, 517],
    [64, 16, 64],
    [1024, 256, 300],
  ])('gives the sound back, frames of %i every %i', (size, hop, length) => {
    const sound = testSound(length);
    const back = istft(stft(sound, { size, hop }), { size, hop, length });
    const covered = size / 2 + Math.floor(length / hop) * hop;
    expect(relativeError(back.subarray(0, covered), sound.subarray(0, covered))).toBeLessThan(tolerance.elementwise);
  });

  it('refuses spectra of other frames', () => {
    const spectra = stft(testSound(1000), { size: 256 });
    expect(() => istft(spectra, { size: 512 })).toThrow('istft: frames of 512 samples have 257 bins, got 129');
  });
});

describe('spectrogram', () => {
  it('is the sum that defines it', () => {
    const sound = testSound(900);
    const { values, frames, bands } = spectrogram(sound, { size: 128, hop: 50 });
    expect([frames, bands]).toEqual([19, 65]);
    expect(relativeError(values, powers(sound, 128, 50).flat())).toBeLessThan(tolerance.elementwise);
  });

  it('of silence is 0, and its decibels are those of the least power', () => {
    const silent = spectrogram(new Float32Array(4000));
    expect(silent.values.every((value) => value === 0)).toBe(true);
    expect(new Set(decibels(silent).values)).toEqual(new Set([-100]));
    expect(new Set(decibels(silent, { reference: 'max' }).values)).toEqual(new Set([0]));
  });

  it('in decibels is at most the range below the loudest', () => {
    const { values } = decibels(spectrogram(sine(440, 8000, 4000)), { reference: 'max', range: 60 });
    expect(Math.max(...values)).toBeCloseTo(0, 5);
    expect(Math.min(...values)).toBeCloseTo(-60, 5);
  });
});

describe('griffinLim', () => {
  const framing = { size: 256, hop: 64 };
  const wanted = spectrogram(testSound(6000), { ...framing, power: 1 });
  const distance = (sound: Float32Array): number => {
    const got = spectrogram(sound, { ...framing, power: 1 });
    let [difference, all] = [0, 0];
    for (const [i, value] of wanted.values.entries()) {
      difference += (value - got.values[i]!) ** 2;
      all += value ** 2;
    }
    return Math.sqrt(difference / all);
  };

  it('comes nearer to the magnitudes with every iteration, and to a few hundredths', () => {
    const at = [0, 5, 30, 100].map((iterations) =>
      distance(griffinLim(wanted, { ...framing, iterations, length: 6000 })),
    );
    expect(at[0]).toBeGreaterThan(0.5);
    expect(at[1]).toBeLessThan(at[0]!);
    expect(at[2]).toBeLessThan(at[1]!);
    expect(at[3]).toBeLessThan(0.15);
  });

  it('has equal bits for equal seeds, others for others', () => {
    const [first, again, other] = [3, 3, 4].map((seed) => griffinLim(wanted, { ...framing, iterations: 3, seed }));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('of silence is silence', () => {
    const silent = { values: new Float32Array(129 * 5), frames: 5, bands: 129 };
    expect(griffinLim(silent, framing).every((value) => value === 0)).toBe(true);
  });

  it.each([
    [{ iterations: -1 }, /iterations must be a whole number of at least 0, got -1/],
    [{ momentum: 1 }, /momentum must be at least 0 and below 1, got 1/],
    [{ size: 512 }, /frames of 512 samples have 257 bins, got 129/],
  ])('refuses %o', (options, message) => {
    expect(() => griffinLim(wanted, { ...framing, ...options })).toThrow(message);
  });
});
