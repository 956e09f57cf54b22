import { InputError } from '../core/errors.ts';
import type { Parameters } from '../graph/parameters.ts';
import type { Photo } from '../image/photo.ts';
import type { Decode, Detection, Detector } from '../models/detector.ts';
import { ssdMobilenet } from '../models/ssd-mobilenet.ts';
import { tinyFaceDetector } from '../models/tiny-face-detector.ts';
import type { Engine } from '../runtime/engine.ts';
import { Network } from './network.ts';

/**
 * `'ssd'`: SSD on MobileNet v1, better at small and turned faces (5.6 MB of weights). `'tiny'`: a tenth of the time, 0.2 MB.
 */
export type DetectorName = 'ssd' | 'tiny';

/**
 * How large the photo is laid on the network's square, its longer side in pixels: first so, then, where nobody was
 * found, so. Both networks miss faces that fill the photo when they see them large.
 */
interface Looks {
  readonly large: number;
  readonly small: number;
}

interface Kind {
  readonly looks: Looks;
  /**
   * How far landmarks may move at a second look (`unsteadiness`). The tiny detector proposes spots in smooth noise, over
   * which they move by 0.16 and more (faces: 0.12), and no turned faces; SSD proposes faces in profile, where they move by
   * up to 0.53, and of other things only such that the other bounds catch.
   */
  readonly steadiness: number;
  build(): Detector;
}

const kinds: Readonly<Record<DetectorName, Kind>> = {
  ssd: { build: ssdMobilenet, looks: { large: 512, small: 256 }, steadiness: 0.6 },
  tiny: { build: tinyFaceDetector, looks: { large: 416, small: 192 }, steadiness: 0.13 },
};

/** Photos up to this side show their faces large: the small look comes first. */
const SMALL_PHOTO = 320;

export interface DetectorOptions {
  /** Scores must exceed this, 0..1. Default: the detector's own, 0.5. */
  readonly minScore?: number;
  /**
   * How large the detector sees the photo: its longer side in pixels, a multiple of 32, at most 512 for `'ssd'`. Larger
   * finds smaller faces. Default: 512 (`'ssd'`) or 416 (`'tiny'`) and, where that finds nobody, 256 or 192; for photos of
   * up to 320 pixels the other way round.
   */
  readonly inputSize?: number;
}

/** A detector on an engine: proposes faces in a photo, the surest first. */
export class FaceDetector {
  readonly name: DetectorName;
  readonly #network: Network<Detector>;
  readonly #decode: Decode;

  constructor(name: DetectorName, weights: Parameters, engine: Engine) {
    this.name = name;
    this.#network = new Network(kinds[name].build(), weights, engine);
    this.#decode = this.#network.architecture.decoder(this.#network.bound);
  }

  /** The bound of `unsteadiness` for what this detector proposes. */
  get steadiness(): number {
    return kinds[this.name].steadiness;
  }

  prepare(): void {
    this.#network.prepare();
  }

  detect(photo: Photo, options: DetectorOptions = {}): Detection[] {
    for (const size of this.#sizes(photo, options.inputSize)) {
      const found = this.#look(photo, size, options);
      if (found.length > 0) return found;
    }
    return [];
  }

  #sizes(photo: Photo, inputSize: number | undefined): readonly number[] {
    const { large, small } = kinds[this.name].looks;
    if (inputSize === undefined)
      return Math.max(photo.width, photo.height) <= SMALL_PHOTO ? [small, large] : [large, small];
    const { size, step } = this.#network.architecture.input;
    const most = step === undefined ? size : 2048;
    if (!(Number.isInteger(inputSize) && inputSize % 32 === 0 && inputSize >= 64 && inputSize <= most))
      throw new InputError(`detect: inputSize must be a multiple of 32 in 64..${most}, got ${inputSize}`);
    return [inputSize];
  }

  /** One run with the photo's longer side at `size` pixels: of the whole square, or of a corner of a black one. */
  #look(photo: Photo, size: number, { minScore }: DetectorOptions): Detection[] {
    const { input } = this.#network.architecture;
    const side = input.step === undefined ? input.size : size;
    const seen = photo.square({ x: 0, y: 0, width: photo.width, height: photo.height }, this.#network.sampling(size));
    const outputs = this.#network.run(size === side ? seen : onCorner(seen, size, side, input));
    const reach = { width: (photo.width * side) / size, height: (photo.height * side) / size };
    return this.#decode(outputs, reach, minScore === undefined ? {} : { minScore });
  }
}

/** A square of `size` pixels in the upper left corner of a black one of `side`. */
function onCorner(
  pixels: Float32Array,
  size: number,
  side: number,
  { mean, divisor }: { readonly mean: readonly [number, number, number]; readonly divisor: number },
): Float32Array {
  const [red, green, blue] = mean.map((value) => -value / divisor) as [number, number, number];
  const all = new Float32Array(side * side * 3);
  for (let i = 0; i < all.length; i += 3) {
    all[i] = red;
    all[i + 1] = green;
    all[i + 2] = blue;
  }
  for (let y = 0; y < size; y++) all.set(pixels.subarray(y * size * 3, (y + 1) * size * 3), y * side * 3);
  return all;
}
