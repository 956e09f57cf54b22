import type { Engine } from '../runtime/engine.ts';
import { signalKernels } from './kernels.ts';
import { rootsOfUnity } from './roots.ts';
import type { Framing } from './stft-options.ts';
import { windowOf } from './window.ts';

/** The sum of squared windows below which a sample is not divided by it: float64 holds nothing of it there. */
const LEAST_WEIGHT = 1e-12;

type Part = 'roots' | 'window' | 'scratch' | 'sums' | 'spectra' | 'sound' | 'magnitudes';

/** Frames of one length of sound in wasm memory, with room for their spectra: there and back as often as it takes. */
export class Frames {
  /** Samples that all frames cover together. */
  readonly length: number;
  readonly bins: number;
  readonly #engine: Engine;
  readonly #framing: Framing;
  readonly #count: number;
  readonly #weights: Float64Array;
  readonly #at: Readonly<Record<Part, number>>;

  private constructor(engine: Engine, framing: Framing, count: number, address: number) {
    const { size, hop, window, windowLength } = framing;
    this.#engine = engine;
    this.#framing = framing;
    this.#count = count;
    this.length = (count - 1) * hop + size;
    this.bins = size / 2 + 1;
    let free = address;
    this.#at = Object.fromEntries(
      Object.entries(Frames.#sizes(framing, count)).map(([name, bytes]) => [name, (free += bytes) - bytes]),
    ) as Record<Part, number>;
    const roots = rootsOfUnity(size);
    const values = windowOf(window, windowLength, size);
    engine.memory.f64(this.#at.roots, roots.length).set(roots);
    engine.memory.f64(this.#at.window, size).set(values);
    this.#weights = new Float64Array(this.length);
    for (let t = 0; t < count; t++)
      for (let j = 0; j < size; j++) this.#weights[t * hop + j]! += values[j]! * values[j]!;
  }

  /** Bytes of each part, whole multiples of a vector. */
  static #sizes({ size, hop }: Framing, count: number): Record<Part, number> {
    const length = (count - 1) * hop + size;
    const spectra = count * (size / 2 + 1);
    const vectors = (bytes: number): number => Math.ceil(bytes / 16) * 16;
    return {
      roots: vectors(size * 12),
      window: vectors(size * 8),
      scratch: size * 16,
      sums: vectors(length * 8),
      spectra: vectors(spectra * 8),
      sound: vectors(length * 4),
      magnitudes: vectors(spectra * 4),
    };
  }

  /** Runs `use` on frames whose memory is given back afterwards. */
  static use<T>(engine: Engine, framing: Framing, count: number, use: (frames: Frames) => T): T {
    const bytes = Object.values(Frames.#sizes(framing, count)).reduce((sum, part) => sum + part, 0);
    return engine.borrow(bytes, (address) => use(new Frames(engine, framing, count, address)));
  }

  /** The sound, `length` floats, to write and read. A view of the moment. */
  get sound(): Float32Array {
    return this.#engine.memory.f32(this.#at.sound, this.length);
  }

  /** The spectra, [count, bins, 2]. A view of the moment. */
  get spectra(): Float32Array {
    return this.#engine.memory.f32(this.#at.spectra, this.#count * this.bins * 2);
  }

  /** What `keepMagnitudes` goes by, [count, bins]. A view of the moment. */
  get magnitudes(): Float32Array {
    return this.#engine.memory.f32(this.#at.magnitudes, this.#count * this.bins);
  }

  /** Sound → spectra. */
  analyse(): void {
    const { spectra, sound, window, roots, scratch } = this.#at;
    const { hop, size } = this.#framing;
    signalKernels(this.#engine).f32_stft(spectra, sound, window, roots, scratch, this.#count, hop, size);
  }

  /**
   * Spectra → the sound whose frames are nearest to them in the sense of least squares: Σ window · frame / Σ window² (D. Griffin
   * & J. Lim, Signal estimation from modified short-time Fourier transform, 1984, equation 6).
   */
  synthesise(): void {
    const { sums, spectra, window, roots, scratch } = this.#at;
    const { hop, size } = this.#framing;
    const total = this.#engine.memory.f64(sums, this.length).fill(0);
    signalKernels(this.#engine).f32_istft(sums, spectra, window, roots, scratch, this.#count, hop, size);
    const { sound } = this;
    for (let i = 0; i < sound.length; i++)
      sound[i] = this.#weights[i]! > LEAST_WEIGHT ? total[i]! / this.#weights[i]! : 0;
  }

  /** Gives every number of the spectra its magnitude again, and leaves it its phase. */
  keepMagnitudes(): void {
    const { spectra, magnitudes } = this.#at;
    signalKernels(this.#engine).f32_with_magnitude(spectra, spectra, magnitudes, this.#count * this.bins);
  }
}
