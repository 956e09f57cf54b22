import { encodeJpeg, readImage } from 'facsimile/image';

// cos and sin of 16.26°, exact: 7² + 24² = 25².
const COS = 0.96;
const SIN = 0.28;

/** A picture whose pixel (x, y) is that of `photo` at `source(x, y)`, the nearest one; black outside. */
function moved({ data, width, height }, source) {
  const out = new Uint8Array(width * height * 4);
  const from = new Uint32Array(data.slice().buffer);
  const to = new Uint32Array(out.buffer);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = source(x, y).map(Math.round);
      to[y * width + x] = u >= 0 && v >= 0 && u < width && v < height ? from[v * width + u] : 0xff000000;
    }
  return { data: out, width, height };
}

/** Turns a vector by the angle above, or back. */
const turned = (x, y, sin) => [COS * x - sin * y, sin * x + COS * y];

/**
 * Ways in which another photo of the same people may differ: what becomes of the picture, and where a point of it goes.
 */
export const alterations = [
  {
    name: 'mirrored',
    apply: async (photo) => moved(photo, (x, y) => [photo.width - 1 - x, y]),
    place: ({ x, y }, { width }) => ({ x: width - 1 - x, y }),
  },
  {
    name: 'turned by 16°',
    apply: async (photo) => {
      const [cx, cy] = [photo.width / 2, photo.height / 2];
      return moved(photo, (x, y) => {
        const [u, v] = turned(x - cx, y - cy, -SIN);
        return [cx + u, cy + v];
      });
    },
    place: ({ x, y }, { width, height }) => {
      const [u, v] = turned(x - width / 2, y - height / 2, SIN);
      return { x: width / 2 + u, y: height / 2 + v };
    },
  },
  {
    name: 'in the dark',
    apply: async (photo) => ({ ...photo, data: photo.data.map((value, i) => (i % 4 === 3 ? 255 : value * 0.3)) }),
    place: (point) => point,
  },
  {
    name: 'recompressed (JPEG, quality 8)',
    apply: async (photo) => readImage(await encodeJpeg(photo, 8)),
    place: (point) => point,
  },
];
