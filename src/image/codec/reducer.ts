import type { RgbaImage } from '../image.ts';

/**
 * A picture that is put together from pixels in any order, at 1/by of their width and height: each pixel of the result is
 * the rounded mean of the by × by that it stands for (fewer at the right and lower edge).
 */
export class Reducer {
  readonly #width: number;
  readonly #height: number;
  readonly #by: number;
  readonly #columns: number;
  readonly #rows: number;
  /** Sums of at most 8 · 8 · 255: 16 bits hold them. */
  readonly #sums: Uint16Array | undefined;
  readonly #data: Uint8Array;

  constructor(width: number, height: number, by: 1 | 2 | 4 | 8) {
    this.#width = width;
    this.#height = height;
    this.#by = by;
    this.#columns = Math.ceil(width / by);
    this.#rows = Math.ceil(height / by);
    this.#data = new Uint8Array(this.#columns * this.#rows * 4);
    this.#sums = by === 1 ? undefined : new Uint16Array(this.#columns * this.#rows * 3);
  }

  /** Takes `count` RGB pixels: the first at (x, y), the others `dx` further each. */
  add(rgb: Uint8Array, count: number, x: number, y: number, dx: number): void {
    const sums = this.#sums;
    if (sums) {
      const row = Math.floor(y / this.#by) * this.#columns;
      const shift = 31 - Math.clz32(this.#by);
      for (let i = 0, at = x; i < 3 * count; i += 3, at += dx) {
        const o = (row + (at >> shift)) * 3;
        sums[o]! += rgb[i]!;
        sums[o + 1]! += rgb[i + 1]!;
        sums[o + 2]! += rgb[i + 2]!;
      }
    } else {
      const data = this.#data;
      for (let i = 0, o = (y * this.#width + x) * 4; i < 3 * count; i += 3, o += 4 * dx) {
        data[o] = rgb[i]!;
        data[o + 1] = rgb[i + 1]!;
        data[o + 2] = rgb[i + 2]!;
        data[o + 3] = 255;
      }
    }
  }

  /** The picture, once every pixel was added. */
  finish(): RgbaImage {
    const sums = this.#sums;
    const data = this.#data;
    if (sums)
      for (let y = 0, i = 0, o = 0; y < this.#rows; y++) {
        const high = Math.min(this.#by, this.#height - y * this.#by);
        for (let x = 0; x < this.#columns; x++, i += 3, o += 4) {
          const cells = high * Math.min(this.#by, this.#width - x * this.#by);
          data[o] = Math.round(sums[i]! / cells);
          data[o + 1] = Math.round(sums[i + 1]! / cells);
          data[o + 2] = Math.round(sums[i + 2]! / cells);
          data[o + 3] = 255;
        }
      }
    return { data, width: this.#columns, height: this.#rows };
  }
}
