import sharp from 'sharp';

const FRACTION = 2 ** 22;

/** Taps and weights of Pillow's BILINEAR along one axis: a triangle as wide as the step, in whole 2⁻²²ths. */
function tapsOf(from: number, to: number) {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const behind = Math.min(from, Math.trunc(centre + reach + 0.5));
    const raw = Array.from({ length: behind - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / reach)),
    );
    const sum = raw.reduce((a, b) => a + b);
    return { first, weights: raw.map((weight) => Math.trunc(0.5 + (weight / sum) * FRACTION)) };
  });
}

/** Resizes along one axis of [outer, from, inner], rounding to bytes. */
function resizeAxis(data: Uint8Array, from: number, to: number, inner: number): Uint8Array {
  const outer = data.length / from / inner;
  const out = new Uint8Array(outer * to * inner);
  for (const [i, { first, weights }] of tapsOf(from, to).entries())
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < inner; k++) {
        const sum = weights.reduce((s, weight, t) => s + weight * data[(o * from + first + t) * inner + k]!, 0);
        out[(o * to + i) * inner + k] = Math.min(255, Math.floor((sum + FRACTION / 2) / FRACTION));
      }
  return out;
}

/** RGB bytes [size, size, 3] of a photo as Python's Pillow gives them: decoded by libjpeg, resized with BILINEAR. */
export async function pillowSquare(path: string, size: number): Promise<Uint8Array> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const narrow = resizeAxis(data, info.width, size, 3);
  return resizeAxis(narrow, info.height, size, size * 3);
}
