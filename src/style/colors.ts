import type { RgbaImage } from '../image/image.ts';
import { resample } from '../image/resample.ts';
import { symmetricEigen } from '../metric/evaluation/jacobi.ts';

/**
 * How the content's colours are kept (Gatys et al. 2016, "Preserving color in neural artistic style transfer").
 * `luminance`: only brightness is painted, with a style as bright and as contrasted as the content; the colours are the
 * content's. `covariance`: the style is given the mean and the covariance of the content's colours before it is looked at.
 * `histogram`: it is given the content's histogram, channel by channel.
 */
export type PreserveColors = 'luminance' | 'covariance' | 'histogram';

/** The style as it is to be looked at, and the content likewise. */
export function preparedColors(
  how: PreserveColors | undefined,
  content: RgbaImage,
  styles: readonly RgbaImage[],
): { content: RgbaImage; styles: readonly RgbaImage[] } {
  if (how === undefined) return { content, styles };
  if (how === 'luminance') {
    const grey = greyOf(content);
    return { content: grey, styles: styles.map((style) => matchMoments(greyOf(style), grey, spread)) };
  }
  const match = how === 'histogram' ? matchHistograms : (a: RgbaImage, b: RgbaImage) => matchMoments(a, b, whitening);
  return { content, styles: styles.map((style) => match(style, content)) };
}

/** A painted picture in the colours of another: each pixel is as far from the other's as their luminances are. */
export function withColorsOf(painted: RgbaImage, content: RgbaImage): RgbaImage {
  const { width, height } = painted;
  const rgb = resample(content, [height, width], 3);
  const before = luminanceOf({ data: opaque(rgb), width, height });
  const after = luminanceOf(painted);
  const data = painted.data.slice();
  for (let p = 0; p < width * height; p++)
    for (let c = 0; c < 3; c++) data[p * 4 + c] = byte(rgb[p * 3 + c]! + after[p]! - before[p]!);
  return { data, width, height };
}

const byte = (value: number): number => Math.round(Math.min(Math.max(value, 0), 255));

const luminanceOf = (image: RgbaImage): Uint8Array => resample(image, [image.height, image.width], 1);

function opaque(rgb: Uint8Array): Uint8Array {
  const data = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let p = 0; p < rgb.length / 3; p++) for (let c = 0; c < 3; c++) data[p * 4 + c] = rgb[p * 3 + c]!;
  return data;
}

function greyOf(image: RgbaImage): RgbaImage {
  const luminance = luminanceOf(image);
  const data = image.data.slice();
  for (const [p, value] of luminance.entries()) data.fill(value, p * 4, p * 4 + 3);
  return { ...image, data };
}

type Matrix = readonly Float64Array[];

interface Moments {
  readonly mean: Float64Array;
  /** Covariances of red, green and blue. */
  readonly covariance: Matrix;
}

function momentsOf({ data }: RgbaImage): Moments {
  const n = data.length / 4;
  const mean = new Float64Array(3);
  const products = [0, 1, 2].map(() => new Float64Array(3));
  for (let i = 0; i < data.length; i += 4)
    for (let c = 0; c < 3; c++) {
      mean[c] = mean[c]! + data[i + c]!;
      for (let d = 0; d < 3; d++) products[c]![d] = products[c]![d]! + data[i + c]! * data[i + d]!;
    }
  for (let c = 0; c < 3; c++) mean[c] = mean[c]! / n;
  return { mean, covariance: products.map((row, c) => row.map((sum, d) => sum / n - mean[c]! * mean[d]!)) };
}

/** x′ = A · (x − μ of the style) + μ of the content, with A from both covariances. */
function matchMoments(style: RgbaImage, content: RgbaImage, map: (from: Matrix, to: Matrix) => Matrix): RgbaImage {
  const [from, to] = [momentsOf(style), momentsOf(content)];
  const a = map(from.covariance, to.covariance);
  const data = style.data.slice();
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [0, 1, 2].map((c) => style.data[i + c]! - from.mean[c]!) as [number, number, number];
    for (let c = 0; c < 3; c++) {
      const [x, y, z] = a[c]!;
      data[i + c] = byte(to.mean[c]! + x! * r + y! * g + z! * b);
    }
  }
  return { ...style, data };
}

/** Below this variance a colour does not vary: what is 0 in it stays 0. */
const FLAT = 1e-6;

/** For greys: the ratio of their deviations. */
const spread = ([[from]]: Matrix, [[to]]: Matrix): Matrix => {
  const ratio = from! > FLAT ? Math.sqrt(Math.max(to!, 0) / from!) : 0;
  return [0, 1, 2].map((c) => new Float64Array(3).fill(ratio, c, c + 1));
};

/** Σ_to^½ · Σ_from^−½, with symmetric roots (image analogies' form: Hertzmann 2001). */
const whitening = (from: Matrix, to: Matrix): Matrix => {
  const root = power(to, (value) => Math.sqrt(Math.max(value, 0)));
  const inverse = power(from, (value) => (value > FLAT ? 1 / Math.sqrt(value) : 0));
  return root.map((row) =>
    Float64Array.from([0, 1, 2], (d) => row.reduce((sum, v, k) => sum + v * inverse[k]![d]!, 0)),
  );
};

/** A symmetric matrix with a function of its eigenvalues in their place. */
function power(matrix: Matrix, of: (value: number) => number): Matrix {
  const { values, vectors } = symmetricEigen(matrix);
  return [0, 1, 2].map((c) =>
    Float64Array.from([0, 1, 2], (d) =>
      values.reduce((sum, value, k) => sum + of(value) * vectors[k]![c]! * vectors[k]![d]!, 0),
    ),
  );
}

/** Each channel by the monotone map that gives it the other's histogram. */
function matchHistograms(style: RgbaImage, content: RgbaImage): RgbaImage {
  const data = style.data.slice();
  for (let c = 0; c < 3; c++) {
    const [from, to] = [cumulated(style, c), cumulated(content, c)];
    const map = new Uint8Array(256);
    for (let v = 0, w = 0; v < 256; v++) {
      // The middle of a value's own pixels, so that a picture matched to itself stays as it is.
      const share = (from[v]! + (v > 0 ? from[v - 1]! : 0)) / 2;
      while (w < 255 && to[w]! < share) w++;
      map[v] = w;
    }
    for (let i = c; i < data.length; i += 4) data[i] = map[data[i]!]!;
  }
  return { ...style, data };
}

/** The share of pixels at or below each value of a channel. */
function cumulated({ data }: RgbaImage, channel: number): Float64Array {
  const counts = new Float64Array(256);
  for (let i = channel; i < data.length; i += 4) counts[data[i]!] = counts[data[i]!]! + 1;
  for (let v = 1; v < 256; v++) counts[v] = counts[v]! + counts[v - 1]!;
  return counts.map((count) => count / (data.length / 4));
}
