import { ImageError, InputError } from '../core/errors.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { type Box, clipBox, floorBox, type Similarity, scaleOf } from './geometry.ts';
import { kindOf, type RgbaImage } from './image.ts';

/** What a network wants of its input: the side in pixels, and (v − mean) / divisor for each of red, green, blue 0 … 255. */
export interface SampleOptions {
  readonly size: number;
  readonly mean: readonly [number, number, number];
  readonly divisor: number;
  /** Where the size · size · 3 numbers go, which is given back; a plan's `inputView` needs no copy. Default: a new array. */
  readonly into?: Float32Array | undefined;
}

/** Where a crop that is not square lies on its black square: an odd pixel of `'centre'` goes right or below. */
export interface SquareOptions extends SampleOptions {
  readonly place: 'centre' | 'start';
}

/** Samples a side that a warp averages at most: a photo of 100 megapixels shrunk to a face of 150 needs fewer. */
const MOST_SAMPLES = 64;

/**
 * A picture in wasm memory, put there once and sampled many times. Alpha is ignored.
 *
 * It holds width · height · 4 bytes of its engine until `close`.
 *
 * @throws ImageError where the data does not fill the size; OutOfMemoryError.
 */
export class Photo {
  readonly width: number;
  readonly height: number;
  readonly #engine: Engine;
  #region: Region | undefined;

  constructor(image: RgbaImage, engine: Engine = defaultEngine()) {
    const { data, width, height } = image;
    if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1)
      throw new ImageError(`Photo: width and height must be whole numbers of at least 1, got ${width} × ${height}`);
    if (data.length !== width * height * 4)
      throw new ImageError(
        `Photo: ${width} × ${height} pixels need ${width * height * 4} bytes of RGBA, got ${data.length}`,
      );
    this.width = width;
    this.height = height;
    this.#engine = engine;
    this.#region = engine.regions.allocate(data.length);
    engine.memory.u8(this.#region.address, data.length).set(data);
  }

  /**
   * A region as a square, [size, size, 3]: cropped, put on a black square of its longer side, resized to `size` (bilinear,
   * source = target · side / size, as tfjs' resizeBilinear without half-pixel centres), then (v − mean) / divisor.
   *
   * The region is clipped to the photo and each of its four numbers rounded down, as face-api does.
   *
   * @throws InputError where nothing of the region is left, or an option is out of range.
   */
  square(region: Box, options: SquareOptions): Float32Array {
    const pixels = this.#pixels('square');
    const { size, place, mean, divisor, into } = checked('square', options);
    if (place !== 'centre' && place !== 'start')
      throw new InputError(`Photo.square: place must be 'centre' or 'start', got ${JSON.stringify(place)}`);
    const { x, y, width, height } = floorBox(clipBox(region, this.width, this.height));
    if (!(width > 0 && height > 0))
      throw new InputError(
        `Photo.square: the region ${region.width} × ${region.height} at (${region.x}, ${region.y}) holds no whole pixel of a photo of ${this.width} × ${this.height}`,
      );
    const side = Math.max(width, height);
    const top = place === 'centre' ? Math.floor((side - height) / 2) : 0;
    const left = place === 'centre' ? Math.floor((side - width) / 2) : 0;
    const first = pixels + (y * this.width + x) * 4;
    return this.#sample(size, into, (out) =>
      this.#engine.kernels.f32_image_square(
        out,
        first,
        size,
        height,
        width,
        this.width * 4,
        side,
        top,
        left,
        mean[0],
        mean[1],
        mean[2],
        divisor,
      ),
    );
  }

  /**
   * The photo seen through a similarity, [size, size, 3]: cell (x, y) holds the photo at `similarity`·(x, y), bilinear,
   * black outside, then (v − mean) / divisor. Whole numbers are pixel centres on both sides.
   *
   * Where it shrinks by two or more, a cell is the mean of k × k samples, k = ⌊scale⌋ (at most 64), so that a large face
   * does not alias.
   *
   * @throws InputError where a number of the similarity is not finite, its scale is 0, or an option is out of range.
   */
  warp(similarity: Similarity, options: SampleOptions): Float32Array {
    const pixels = this.#pixels('warp');
    const { size, mean, divisor, into } = checked('warp', options);
    const { a, b, tx, ty } = similarity;
    const scale = scaleOf(similarity);
    if (!(scale > 0 && Number.isFinite(scale) && Number.isFinite(tx) && Number.isFinite(ty)))
      throw new InputError(
        `Photo.warp: expected a similarity with a finite scale above 0, got a ${a}, b ${b}, tx ${tx}, ty ${ty}`,
      );
    const samples = Math.min(Math.max(1, Math.floor(scale)), MOST_SAMPLES);
    return this.#sample(size, into, (out) =>
      this.#engine.kernels.f32_image_warp(
        out,
        pixels,
        size,
        this.height,
        this.width,
        samples,
        a,
        b,
        tx,
        ty,
        mean[0],
        mean[1],
        mean[2],
        divisor,
      ),
    );
  }

  /** Gives the memory back. Closing twice is allowed; sampling afterwards is an error. */
  close(): void {
    if (this.#region) this.#engine.regions.free(this.#region);
    this.#region = undefined;
  }

  #pixels(method: string): number {
    if (!this.#region) throw new InputError(`Photo.${method}: this photo is closed`);
    return this.#region.address;
  }

  #sample(size: number, into: Float32Array | undefined, kernel: (out: number) => void): Float32Array {
    const { memory } = this.#engine;
    if (into?.buffer === memory.wasm.buffer) {
      kernel(into.byteOffset);
      return into;
    }
    const length = size * size * 3;
    return this.#engine.borrow(length * 4, (out) => {
      kernel(out);
      const pixels = memory.f32(out, length);
      if (!into) return pixels.slice();
      into.set(pixels);
      return into;
    });
  }
}

function checked<T extends SampleOptions>(method: string, options: T): T {
  const { size, mean, divisor, into } = options;
  if (!Number.isInteger(size) || size < 1)
    throw new InputError(`Photo.${method}: size must be a whole number of at least 1, got ${size}`);
  if (mean.length !== 3 || !mean.every(Number.isFinite))
    throw new InputError(`Photo.${method}: mean must be three finite numbers, got [${mean.join(', ')}]`);
  if (!Number.isFinite(divisor) || divisor === 0)
    throw new InputError(`Photo.${method}: divisor must be finite and not 0, got ${divisor}`);
  if (into !== undefined && !(into instanceof Float32Array && into.length === size * size * 3))
    throw new InputError(
      `Photo.${method}: into must be a Float32Array of ${size * size * 3}, got ${kindOf(into)} of ${into.length}`,
    );
  return options;
}
