import { describe, expect, it } from 'vitest';
import { alterer, rootMeanSquare } from '../../src/signal/alter.ts';
import { soundFeatures, writeWindow } from '../../src/signal/sound-input.ts';
import { spectrogram } from '../../src/signal/spectrogram.ts';
import { sine, testSound } from './sound.ts';

const input = { sampleRate: 8000, size: 256, hop: 80, bands: 20, frames: 10, fit: 'loop', evenLoudness: true } as const;
const sound = { channels: [testSound(4000)], sampleRate: 8000 };
/** The loudest bin of a spectrum of the whole. */
const loudest = (samples: Float32Array): number => {
  const { values } = spectrogram(samples, { size: 2048, hop: 4096, centred: false });
  return values.indexOf(Math.max(...values.subarray(0, 1025)));
};

describe('soundFeatures', () => {
  it('is levels about 0, a frame every hop', () => {
    const { values, frames, bands } = soundFeatures(sound, input);
    expect([frames, bands]).toEqual([51, 20]);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(5);
  });

  it('hears the same at any loudness, unless loudness is to count', () => {
    const quiet = { ...sound, channels: [sound.channels[0]!.map((value) => value / 8)] };
    const even = [sound, quiet].map((each) => soundFeatures(each, input).values);
    for (const [i, value] of even[0]!.entries()) expect(value).toBeCloseTo(even[1]![i]!, 4);
    const loud = [sound, quiet].map((each) => soundFeatures(each, { ...input, evenLoudness: false }).values[200]!);
    expect(loud[0]! - loud[1]!).toBeCloseTo((20 * Math.log10(8)) / 15, 4);
  });

  it('takes all channels as one, at its own rate', () => {
    const twice = { channels: [sound.channels[0]!, sound.channels[0]!], sampleRate: 8000 };
    expect(soundFeatures(twice, input)).toEqual(soundFeatures(sound, input));
    expect(soundFeatures({ ...sound, sampleRate: 16000 }, input).frames).toBe(26);
  });

  it('refuses silence and NaN', () => {
    expect(() => soundFeatures({ ...sound, channels: [new Float32Array(800)] }, input)).toThrow(
      'the sound is silent (800 samples)',
    );
    expect(() => soundFeatures({ ...sound, channels: [Float32Array.of(Number.NaN)] }, input)).toThrow(
      'sample 0 is NaN',
    );
  });
});

describe('writeWindow', () => {
  it('begins again behind the last frame', () => {
    const features = { values: Float32Array.of(0, 1, 10, 11, 20, 21), frames: 3, bands: 2 };
    const window = new Float32Array(8);
    writeWindow(features, 2, 4, window);
    expect([...window]).toEqual([20, 21, 0, 1, 10, 11, 20, 21]);
  });
});

describe('alterer', () => {
  const tone = sine(500, 8000, 6000);

  it('raises pitch with speed', () => {
    const faster = alterer(8000, { speed: 1.25 })(tone);
    expect(faster).toHaveLength(4800);
    expect(loudest(faster) / loudest(tone)).toBeCloseTo(1.25, 2);
  });

  it('colours by decibels over the mel scale, and leaves what it does not colour', () => {
    // m of 500 Hz is 7.5 of 34.25 mel: cos(π·m) = 0.773.
    const coloured = alterer(8000, { colour: [6] })(tone);
    const decibels =
      20 * Math.log10(rootMeanSquare(coloured.subarray(500, 5500)) / rootMeanSquare(tone.subarray(500, 5500)));
    expect(decibels).toBeCloseTo(6 * Math.cos((Math.PI * 7.5) / (15 + (27 * Math.log(4)) / Math.log(6.4))), 1);
    expect(alterer(8000, {})(tone)).toEqual(tone);
  });

  it('adds noise of the level that is asked for, by its seed', () => {
    const [noisy, again, other] = [1, 1, 2].map((seed) => alterer(8000, { signalToNoise: 20, seed })(tone));
    expect(again).toEqual(noisy);
    expect(other).not.toEqual(noisy);
    const noise = noisy!.map((value, i) => value - tone[i]!);
    expect(rootMeanSquare(noise) / rootMeanSquare(tone)).toBeCloseTo(0.1, 2);
  });

  it('is louder by its gain', () => {
    expect(rootMeanSquare(alterer(8000, { gain: -20 })(tone)) / rootMeanSquare(tone)).toBeCloseTo(0.1, 5);
  });

  it.each([
    [{ speed: 0 }, 'alterer: speed must be from 0.25 to 4, got 0'],
    [{ colour: [Number.NaN] }, 'alterer: colour must be finite, got [NaN]'],
    [{ gain: Number.POSITIVE_INFINITY }, 'alterer: gain must be finite, got Infinity'],
    [{ signalToNoise: Number.NaN }, 'alterer: signalToNoise must be finite, got NaN'],
  ])('refuses %o', (options, message) => {
    expect(() => alterer(8000, options)).toThrow(message);
  });
});
