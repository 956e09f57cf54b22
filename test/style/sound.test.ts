import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { Sound } from '../../src/signal/sound.ts';
import { type SoundStyleOptions, type SoundStyleStep, stylizeSound } from '../../src/style/sound.ts';
import { sine, testSound } from '../signal/sound.ts';

const sampleRate = 8000;
const content: Sound = { channels: [testSound(4000)], sampleRate };
const style: Sound = { channels: [sine(1000, sampleRate, 4000)], sampleRate };
const small = { content, style, size: 128, hop: 64, filters: 24, width: 5 };

async function run(options: Partial<SoundStyleOptions> = {}): Promise<SoundStyleStep[]> {
  const steps: SoundStyleStep[] = [];
  for await (const step of stylizeSound({ ...small, steps: 15, ...options })) steps.push(step);
  return steps;
}

/** Share of the energy in the bin of 1000 Hz. */
function shareAtTone(step: SoundStyleStep): number {
  const { values, bands } = step.spectrogram();
  let [tone, all] = [0, 0];
  for (const [i, value] of values.entries()) {
    all += value * value;
    if (Math.abs((i % bands) - 16) <= 1) tone += value * value;
  }
  return tone / all;
}

describe('stylizeSound', () => {
  it('lowers the loss, and moves energy to where the style has it', async () => {
    const steps = await run();
    expect(steps.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    expect(steps.at(-1)!.losses.total).toBeLessThan(0.3 * steps[0]!.losses.total);
    expect(shareAtTone(steps.at(-1)!)).toBeGreaterThan(
      1.5 * shareAtTone((await run({ steps: 1, styleWeight: 0 }))[0]!),
    );
  });

  it('gives a sound of the length and rate of the content', async () => {
    const { channels, sampleRate: rate } = (await run({ steps: 1 }))[0]!.sound();
    expect([channels.length, channels[0]!.length, rate]).toEqual([1, 4000, sampleRate]);
    expect(channels[0]!.every(Number.isFinite)).toBe(true);
  });

  it('keeps the content where no style counts', async () => {
    const [last] = (await run({ steps: 3, styleWeight: 0 })).slice(-1);
    expect(last!.losses.total).toBeLessThan(1e-6);
  });

  it('has equal bits for equal seeds, on threads too', async () => {
    const engine = await createEngine({ threads: 2 });
    const [first, again, other] = [
      await run({ steps: 3 }),
      await run({ steps: 3, engine }),
      await run({ steps: 3, seed: 2 }),
    ];
    expect(again.at(-1)!.spectrogram()).toEqual(first.at(-1)!.spectrogram());
    expect(other.at(-1)!.losses).not.toEqual(first.at(-1)!.losses);
    engine.close();
  });

  it.each([
    [{ steps: 0 }, 'stylizeSound: steps must be a whole number of at least 1, got 0'],
    [{ contentWeight: -1 }, 'stylizeSound: contentWeight must be a finite number of at least 0, got -1'],
    [
      { style: { channels: [new Float32Array(100)], sampleRate } },
      'the style has 2 frames, filters span 5: it is too short',
    ],
  ])('refuses %o', async (options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });
});
