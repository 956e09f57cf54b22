import { VolumeError } from '../core/errors.ts';
import { Volume } from './volume.ts';

/** What of a volume's values a picture shows: those from centre − width/2 (black) to centre + width/2 (white). */
export interface ValueWindow {
  readonly centre: number;
  readonly width: number;
}

/** Usual windows of computed tomography, in Hounsfield units (air −1000, water 0). */
export const hounsfieldWindows = {
  brain: { centre: 40, width: 80 },
  softTissue: { centre: 40, width: 400 },
  liver: { centre: 60, width: 160 },
  mediastinum: { centre: 50, width: 350 },
  lung: { centre: -600, width: 1500 },
  bone: { centre: 400, width: 1800 },
} as const satisfies Readonly<Record<string, ValueWindow>>;

export type HounsfieldWindow = keyof typeof hounsfieldWindows;

/**
 * A volume's values as shares of a window: (v − centre) / width + ½, held within 0 … 1 (DICOM's LINEAR_EXACT,
 * PS3.3 C.11.2.1.3.2).
 *
 * @param window Bounds, or the name of one of `hounsfieldWindows`, which needs a volume in Hounsfield units.
 * @throws VolumeError where the width is not above 0, the name unknown, or the volume's unit not `HU` though a name was given
 */
export function windowed(volume: Volume, window: ValueWindow | HounsfieldWindow): Volume {
  const { centre, width } = typeof window === 'string' ? named(volume, window) : window;
  if (!(Number.isFinite(centre) && Number.isFinite(width) && width > 0))
    throw new VolumeError(`windowed: needs a finite centre and a width above 0, got ${centre} and ${width}`);
  const values = volume.values.map((value) => Math.min(1, Math.max(0, (value - centre) / width + 0.5)));
  return new Volume({ values, shape: volume.shape, affine: volume.affine });
}

function named(volume: Volume, name: string): ValueWindow {
  if (!Object.hasOwn(hounsfieldWindows, name))
    throw new VolumeError(
      `windowed: there is no window ${JSON.stringify(name)}: expected ${Object.keys(hounsfieldWindows).join(', ')}`,
    );
  if (volume.unit !== 'HU')
    throw new VolumeError(
      `windowed: the window ${name} is one of Hounsfield units (HU), the volume's unit is ${JSON.stringify(volume.unit)}: give { centre, width }`,
    );
  return hounsfieldWindows[name as HounsfieldWindow];
}

/**
 * The window between two percentiles of a volume's values: for scans without a scale of their own, as MRI. The whole range
 * where both fall on one value; width 1 about the value of a volume that has only one.
 *
 * @param low Percentile, 0 … 100. Default: 1.
 * @param high Percentile above it. Default: 99.
 */
export function percentileWindow(volume: Volume, low = 1, high = 99): ValueWindow {
  if (!(low >= 0 && low < high && high <= 100))
    throw new VolumeError(`percentileWindow: needs 0 ≤ low < high ≤ 100, got ${low} and ${high}`);
  const sorted = volume.values.slice().sort();
  const at = (percent: number): number => sorted[Math.round(((sorted.length - 1) * percent) / 100)]!;
  let [from, to] = [at(low), at(high)];
  if (from === to) [from, to] = [sorted[0]!, sorted.at(-1)!];
  return { centre: (from + to) / 2, width: to > from ? to - from : 1 };
}
