import { readFileSync } from 'node:fs';
import { InputError } from '../core/errors.ts';
import type { Calibration } from '../metric/decision/calibrate.ts';
import { PairProbability, type ProbabilityRecord } from '../metric/decision/probability.ts';
import type { PhotoEncoder } from './photo-encoder.ts';

/** What makes the embeddings that distances are between. */
type Source = Pick<PhotoEncoder, 'model' | 'alignment'>;

/** What a calibration file holds: the threshold and the probability, and whose distances they are about. */
interface SavedCalibration {
  readonly kind: 'facsimile calibration';
  readonly model: { readonly name: string; readonly hash: string };
  readonly alignment: string;
  readonly threshold: number;
  readonly calibration: Calibration;
  readonly probability: ProbabilityRecord;
}

/** The text of a calibration file. */
export function calibrationText(source: Source, calibration: Calibration, probability: PairProbability): string {
  const saved: SavedCalibration = {
    kind: 'facsimile calibration',
    model: source.model,
    alignment: source.alignment,
    threshold: calibration.threshold,
    calibration,
    probability: probability.toJSON(),
  };
  return `${JSON.stringify(saved, null, 2)}\n`;
}

/**
 * The threshold and the probability of a calibration file.
 * @throws InputError where it is none, or is about another network or alignment.
 */
export function readCalibration(
  path: string,
  { model, alignment }: Source,
): { threshold: number; probability: PairProbability } {
  const text = readFileSync(path, 'utf8');
  let saved: Partial<SavedCalibration> | null;
  try {
    saved = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path} is not a calibration: it is not JSON`, { cause: error });
  }
  const threshold = saved?.threshold;
  if (saved?.kind !== 'facsimile calibration' || !(typeof threshold === 'number' && threshold >= 0))
    throw new InputError(`${path} is not a calibration; "facsimile calibrate --save ${path}" makes one`);
  if (saved.model?.hash !== model.hash || saved.alignment !== alignment)
    throw new InputError(
      `${path} is about distances of ${saved.model?.name} (${saved.model?.hash.slice(0, 12)}, ${saved.alignment}), these are of ${model.name} (${model.hash.slice(0, 12)}, ${alignment}): calibrate anew`,
    );
  return { threshold, probability: new PairProbability(saved.probability as ProbabilityRecord) };
}
