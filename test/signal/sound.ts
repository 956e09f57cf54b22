import { randomFrom } from '../support/random.ts';

/** A sound with something at every frequency: four tones that slide, and a little noise. */
export function testSound(length: number, seed = 1): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length }, (_, i) => {
    const tones = [0.05, 0.21, 0.7, 1.9].reduce(
      (sum, step, k) => sum + Math.sin(step * i * (1 + i / 40000)) / (k + 3),
      0,
    );
    return tones + (random() - 0.5) / 50;
  });
}

export const sine = (hertz: number, sampleRate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / sampleRate));
