import { InputError } from '../core/errors.ts';
import type { ReceptiveAxis } from '../graph/receptive-field.ts';
import type { FeatureNetwork } from '../models/feature-network.ts';
import { type FrameOptions, framed } from './frame.ts';
import { Patch, type PictureOrigin } from './patch.ts';
import { type Pictures, type PicturesOptions, readPictures, type Skipped } from './pictures.ts';
import { networkSubject } from './subject.ts';
import { type Sample, type TopActivationsOptions, topActivations, type Units } from './top-activations.ts';

interface Common extends Omit<TopActivationsOptions, 'layers' | 'units'>, PicturesOptions, FrameOptions {
  readonly images: Pictures;
}

/** One unit. */
export interface UnitPatchesOptions extends Common {
  readonly layer: string;
  readonly unit: number;
}

/** Units of one layer or several. */
export interface TopPatchesOptions extends Common {
  readonly layers: readonly string[];
  readonly units?: Units | Readonly<Record<string, Units>>;
}

export interface UnitPatches {
  readonly unit: number;
  /** The strongest first, each from another picture; fewer than were asked for where there are fewer pictures. */
  readonly patches: readonly Patch[];
}

export interface LayerPatches {
  readonly layer: string;
  readonly channels: number;
  /** Receptive field of its units: rows, then columns. */
  readonly field: readonly ReceptiveAxis[];
  readonly units: readonly UnitPatches[];
}

export interface TopPatches {
  /** Pictures that were looked at. */
  readonly images: number;
  readonly skipped: readonly Skipped[];
  readonly layers: readonly LayerPatches[];
}

/**
 * The image patches that activate units most (Zeiler & Fergus 2014): of each picture a unit's largest activation over all
 * positions, of these the largest of different pictures (9 unless told otherwise), and of those what the unit sees, its
 * receptive field, from the original picture. Of equal ones the first picture counts, then the first position; equal
 * options give equal bits.
 *
 * All units of all layers in one pass; pictures stream through in constant memory: only (picture, position, activation) of
 * the winners is kept, and their pictures are read again when patches are cut.
 *
 * @example
 * const network = await loadFeatures('faces');
 * const nine = await topPatches(network, { layer: 'conv64_1', unit: 17, images: 'photos' });
 * await nine[0].crop(); // RGBA
 * @throws InputError where no layer or unit has that name or number, an option is out of range, or there is no picture;
 *   ImageError naming a picture that cannot be read
 */
export async function topPatches(network: FeatureNetwork, options: UnitPatchesOptions): Promise<readonly Patch[]>;
export async function topPatches(network: FeatureNetwork, options: TopPatchesOptions): Promise<TopPatches>;
export async function topPatches(
  network: FeatureNetwork,
  options: UnitPatchesOptions | TopPatchesOptions,
): Promise<TopPatches | readonly Patch[]> {
  const { images, size, fit, keepBytes, unreadable, ...rest } = options;
  const frame: FrameOptions = { ...(size !== undefined && { size }), ...(fit && { fit }) };
  const skipped: Skipped[] = [];
  async function* samples(): AsyncGenerator<Sample<PictureOrigin>> {
    const reading = { ...(keepBytes && { keepBytes }), ...(unreadable && { unreadable }) };
    for await (const { name, source, picture } of readPictures(images, reading, skipped)) {
      const { shape, values, frame: seen } = framed(picture, network.input, frame);
      yield { name, shape, values, origin: { source, frame: seen } };
    }
  }
  const one = 'layer' in options;
  if (one && !Number.isInteger(options.unit))
    throw new InputError(
      `topPatches: unit must be a whole number, got ${options.unit}; for several give layers and units`,
    );
  const wanted = one ? { layers: [options.layer], units: [options.unit] } : {};
  const found = await topActivations(networkSubject(network), samples(), {
    ...(rest as TopPatchesOptions),
    ...wanted,
    // Pictures of many sizes would fill few batches.
    batch: rest.batch ?? (fit === 'whole' ? 1 : batchFor(network, size)),
  });
  const layers = found.layers.map(({ layer, channels, field, units }) => ({
    layer,
    channels,
    field,
    units: units.map(({ unit, peaks }) => ({
      unit,
      patches: peaks.map((peak) => new Patch(peak, network.input, frame)),
    })),
  }));
  return one ? layers[0]!.units[0]!.patches : { images: found.samples, skipped, layers };
}

/** Pixels that go through the network together, about. */
const BATCH_PIXELS = 4 * 150 * 150;

const batchFor = ({ input }: FeatureNetwork, size = input.usualSize): number =>
  Math.max(1, Math.floor(BATCH_PIXELS / (size * size)));
