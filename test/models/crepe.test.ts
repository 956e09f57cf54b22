import { describe, expect, it } from 'vitest';
import { Crepe, hertzOfCents, pitchCents } from '../../src/models/crepe.ts';
import { loadLayersModel } from '../../src/models/layers-model/load-layers-model.ts';
import { dataPath, hasData } from '../data.ts';
import { sine } from '../signal/sound.ts';

describe('pitchCents', () => {
  it('is the mean of the bins around the likeliest', () => {
    const activations = new Float32Array(360);
    activations.set([0.5, 1, 0.5], 100);
    activations[300] = 0.9;
    const { cents, confidence } = pitchCents(activations);
    expect(cents).toBeCloseTo(1997.3794084376191 + 20 * 101, 9);
    expect(confidence).toBe(1);
  });

  it('has its ends: 32.7 Hz and, six octaves less a bin above, 2069 Hz', () => {
    const at = (bin: number): number => {
      const activations = new Float32Array(360);
      activations[bin] = 1;
      return hertzOfCents(pitchCents(activations).cents);
    };
    expect(at(0)).toBeCloseTo(31.7, 1);
    expect(at(359) / at(0)).toBeCloseTo(2 ** (7180 / 1200), 6);
  });
});

describe.skipIf(!hasData)('Crepe', () => {
  it('hears 440 Hz as about 441, and nothing in silence', async () => {
    const crepe = new Crepe(await loadLayersModel(dataPath('crepe/crepe'), { dropUnitAxis: true }));
    const pitches = crepe.follow({ channels: [sine(440, 16000, 4800)], sampleRate: 16000 }, { step: 0.05 });
    expect(pitches.map(({ time }) => time)).toEqual(
      [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3].map((t) => expect.closeTo(t, 9)),
    );
    for (const { hertz, confidence } of pitches.slice(1, -1)) {
      expect(Math.abs(1200 * Math.log2(hertz / 441))).toBeLessThan(5);
      expect(confidence).toBeGreaterThan(0.8);
    }
    const silent = crepe.follow({ channels: [new Float32Array(1600)], sampleRate: 16000 }, { step: 0.05 });
    expect(Math.max(...silent.map(({ confidence }) => confidence))).toBeLessThan(0.3);
    expect(() => crepe.follow({ channels: [sine(440, 16000, 10)], sampleRate: 16000 }, { step: 0 })).toThrow(
      'step must be above 0, got 0',
    );
    crepe.close();
  });

  it('refuses a model of another shape', async () => {
    const model = await loadLayersModel(dataPath('crepe/crepe'));
    expect(() => new Crepe(model)).toThrow(/must take one \[1024,1\] \(load it with dropUnitAxis\), got \[1024,1,1\]/);
  });
});
