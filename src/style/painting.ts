import { elementsOf } from '../core/shape.ts';
import type { PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import { binary as learning } from '../runtime/generated/learning.wasm.ts';
import type { Region } from '../runtime/regions.ts';
import { grown, withMargin, withoutMargin } from './margin.ts';

/** The picture that is painted, with its margin: float values [H + 2m, W + 2m, C], about 0 … 255, in the engine's memory. */
export class Painting {
  /** Without the margin. */
  readonly size: PictureSize;
  readonly channels: 1 | 3;
  readonly #margin: number;
  readonly #engine: Engine;
  readonly #region: Region;

  constructor(engine: Engine, size: PictureSize, channels: 1 | 3, margin: number) {
    this.size = size;
    this.channels = channels;
    this.#margin = margin;
    this.#engine = engine;
    engine.need(learning);
    this.#region = engine.regions.allocate(elementsOf(this.shape) * 4);
  }

  /** [H + 2m, W + 2m, C] */
  get shape(): readonly number[] {
    const { height, width } = grown(this.size, this.#margin);
    return [height, width, this.channels];
  }

  get address(): number {
    return this.#region.address;
  }

  /** A view, margin included, good until memory grows. */
  get values(): Float32Array {
    return this.#engine.memory.f32(this.address, elementsOf(this.shape));
  }

  /** A copy [H,W,C] of what is inside the margin. */
  get picture(): Float32Array {
    return withoutMargin(this.values, this.size, this.channels, this.#margin);
  }

  /** Paints a picture [H,W,C], and its mirror image into the margin. */
  set picture(values: Float32Array) {
    this.values.set(withMargin(values, this.size, this.channels, this.#margin));
  }

  /** Keeps every value in 0 … 255. */
  clamp(): void {
    this.#engine.kernels.f32_activate(this.address, this.address, this.values.length, 0, 0, 255);
  }

  /** Takes what a painting of another size shows, bilinear, borders on borders. */
  enlarge(from: Painting): void {
    const { kernels, memory } = this.#engine;
    const [{ height: h, width: w }, { height, width }] = [from.size, this.size];
    const small = from.picture;
    const elements = height * width * this.channels;
    this.#engine.borrow((small.length + elements) * 4, (input) => {
      const output = input + small.length * 4;
      memory.f32(input, small.length).set(small);
      kernels.f32_resize_bilinear(output, input, 1, h, w, this.channels, height, width, h / height, w / width, 0.5);
      this.picture = memory.f32(output, elements);
    });
  }

  close(): void {
    this.#engine.regions.free(this.#region);
  }
}
