import { encodeJpeg, readImage } from 'facsimile/image';

// cos and sin of 16.26°, exact: 7² + 24² = 25².
const COS = 0.96;
const SIN = 0.28;

/** A map of the plane: (x, y) goes to (a·x + b·y + e, c·x + d·y + f). */
const at = ({ a, b, c, d, e, f }, { x, y }) => ({ x: a * x + b * y + e, y: c * x + d * y + f });

/** Turns the plane about a point. */
const turn = (cos, sin, { x, y }) => ({
  a: cos,
  b: -sin,
  c: sin,
  d: cos,
  e: x - cos * x + sin * y,
  f: y - sin * x - cos * y,
});

/** The picture whose pixel (x, y) is that of `photo` at `source` of (x, y), the nearest one; black outside. */
function moved({ data, width, height }, { a, b, c, d, e, f }) {
  const out = new Uint32Array(width * height).fill(0xff000000);
  const from = new Uint32Array(data.slice().buffer);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = Math.round(a * x + b * y + e);
      const v = Math.round(c * x + d * y + f);
      if (u >= 0 && v >= 0 && u < width && v < height) out[y * width + x] = from[v * width + u];
    }
  return { data: new Uint8Array(out.buffer), width, height };
}

const mirror = ({ width }) => ({ a: -1, b: 0, c: 0, d: 1, e: width - 1, f: 0 });
const centre = ({ width, height }) => ({ x: width / 2, y: height / 2 });

function darkened({ data, width, height }) {
  const dark = data.map((value) => value * 0.4);
  for (let i = 3; i < dark.length; i += 4) dark[i] = 255;
  return { data: dark, width, height };
}

const stays = (point) => point;

/**
 * Ways in which another photo of the same people may differ: what becomes of the picture, and where a point of it goes.
 */
export const alterations = [
  {
    name: 'mirrored',
    apply: async (photo) => moved(photo, mirror(photo)),
    place: (point, photo) => at(mirror(photo), point),
  },
  {
    name: 'turned by 16°',
    apply: async (photo) => moved(photo, turn(COS, -SIN, centre(photo))),
    place: (point, photo) => at(turn(COS, SIN, centre(photo)), point),
  },
  {
    name: 'in the dark',
    apply: async (photo) => darkened(photo),
    place: stays,
  },
  {
    name: 'recompressed (JPEG, quality 8)',
    apply: async (photo) => readImage(await encodeJpeg(photo, 8)),
    place: stays,
  },
];
