import { direction } from '../core/angle.ts';
import { InputError } from '../core/errors.ts';
import { checkSamples } from './sound.ts';

/** Zeros of the sinc on either side, at the lower of the two rates. */
const ZEROS = 64;
/** Where the filter has fallen to one half, as a share of the lower rate's half. */
const ROLLOFF = 0.95;
/** Of Kaiser's window: 100 dB below outside of the transition. */
const BETA = 10;
const MOST_RATE = 10_000_000;

/** I₀(x), the modified Bessel function, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= ((x / 2 / k) * x) / 2 / k;
    sum += term;
  }
  return sum;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** sin(πx)/(πx) times Kaiser's window over −reach … reach. */
function kernel(x: number, cutoff: number, reach: number): number {
  const share = x / reach;
  if (Math.abs(share) >= 1) return 0;
  const at = x * cutoff;
  const sinc = at === 0 ? 1 : direction(180 * at).sin / (Math.PI * at);
  return sinc * bessel(BETA * Math.sqrt(1 - share * share));
}

/**
 * A sound at another rate, by a windowed sinc: y[i] = Σ_j x[j] · h(i·from/to − j), whose weights add up to 1 for each i, so that a
 * constant stays one. What the lower rate cannot hold is taken out: up to 0.90 of its half everything stays, beyond 1.00 it is
 * 100 dB lower. Computed in float64; the same bits on every engine.
 *
 * @param from whole number of samples a second
 * @param to the same
 * @returns ⌈length · to / from⌉ samples
 * @throws InputError where a rate is no whole number above 0, SoundError where a sample is not finite
 */
export const resample = (samples: Float32Array, from: number, to: number): Float32Array => resampler(from, to)(samples);

/** `resample` for many sounds: its filters are computed once. */
export function resampler(from: number, to: number): (samples: Float32Array) => Float32Array {
  for (const [name, rate] of [['from', from] as const, ['to', to] as const])
    if (!Number.isInteger(rate) || rate < 1 || rate > MOST_RATE)
      throw new InputError(`resample: ${name} must be a whole number from 1 to ${MOST_RATE}, got ${rate}`);
  const divisor = greatestDivisor(from, to);
  const [down, up] = [from / divisor, to / divisor];
  const slower = Math.min(1, up / down);
  const reach = ZEROS / slower;
  const half = Math.ceil(reach);
  const rows = new Map<number, Float64Array>();
  return (samples) => {
    checkSamples('resample', samples);
    if (from === to) return samples.slice();
    const out = new Float32Array(Math.ceil((samples.length * up) / down));
    for (let i = 0; i < out.length; i++) {
      const position = i * down;
      const phase = position % up;
      const row = rows.get(phase) ?? phaseRow(phase / up, slower * ROLLOFF, reach, half);
      rows.set(phase, row);
      const first = (position - phase) / up - half + 1;
      let sum = 0;
      for (let j = Math.max(0, -first); j < row.length && first + j < samples.length; j++)
        sum += row[j]! * samples[first + j]!;
      out[i] = sum;
    }
    return out;
  };
}

/** Weights of the samples from `half` − 1 before to `half` behind a place that lies `fraction` behind a sample. */
function phaseRow(fraction: number, cutoff: number, reach: number, half: number): Float64Array {
  const row = Float64Array.from({ length: 2 * half }, (_, j) => kernel(j - half + 1 - fraction, cutoff, reach));
  const sum = row.reduce((total, weight) => total + weight, 0);
  return row.map((weight) => weight / sum);
}
