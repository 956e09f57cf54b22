import { plan } from '../graph/plan.ts';
import { convEncoder } from '../models/conv-encoder.ts';
import type { Engine } from '../runtime/engine.ts';
import { griffinLim } from '../signal/griffin-lim.ts';
import { melSpectrogram } from '../signal/mel.ts';
import { decibels, spectrogram } from '../signal/spectrogram.ts';
import { noise } from './noise.ts';

const RATE = 8000;
const size = 256;
const bands = 24;

/** A sound to its spectrogram and back again, and through its mel bands to an embedding of a 1D encoder. */
export function soundEmbedding(engine: Engine): Float32Array[] {
  const samples = noise([3000], 60);
  const { values, frames } = spectrogram(samples, { size, power: 1, engine });
  const again = griffinLim({ values, frames, bands: size / 2 + 1 }, { size, iterations: 3, engine });
  const mel = decibels(melSpectrogram(samples, { sampleRate: RATE, size, bands, engine }));
  const encoder = convEncoder({ size: [mel.frames], channels: bands, filters: [8, 8], embedding: 32 });
  const inputs = { [encoder.input]: [1, ...encoder.shape] };
  const planned = plan(encoder.graph, { engine, parameters: encoder.initialise(2), inputs });
  const embedding = planned.run({ [encoder.input]: mel.values })[encoder.output]!;
  planned.close();
  return [values, again, mel.values, embedding];
}
