import { elementsOf } from '../core/shape.ts';
import type { FeatureNetwork, PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';

/** The picture that is painted: float values [H,W,C], about 0 … 255, in the engine's memory. */
export class Painting {
  readonly size: PictureSize;
  readonly channels: 1 | 3;
  readonly #engine: Engine;
  readonly #region: Region;

  constructor(engine: Engine, { input }: FeatureNetwork, size: PictureSize) {
    this.size = size;
    this.channels = input.channels;
    this.#engine = engine;
    this.#region = engine.regions.allocate(this.elements * 4);
  }

  get elements(): number {
    return elementsOf([this.size.height, this.size.width, this.channels]);
  }

  get address(): number {
    return this.#region.address;
  }

  /** A view, good until memory grows. */
  get values(): Float32Array {
    return this.#engine.memory.f32(this.address, this.elements);
  }

  /** Keeps every value in 0 … 255. */
  clamp(): void {
    this.#engine.kernels.f32_activate(this.address, this.address, this.elements, 0, 0, 255);
  }

  /** Takes what a picture of another size shows, bilinear, borders on borders. */
  enlarge(from: Painting): void {
    const [{ height: h, width: w }, { height, width }] = [from.size, this.size];
    this.#engine.kernels.f32_resize_bilinear(
      this.address,
      from.address,
      1,
      h,
      w,
      this.channels,
      height,
      width,
      h / height,
      w / width,
      0.5,
    );
  }

  close(): void {
    this.#engine.regions.free(this.#region);
  }
}
