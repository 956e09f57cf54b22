import type { RgbaImage } from '../../src/image/image.ts';
import { randomFrom } from '../support/random.ts';

type Paint = (x: number, y: number) => readonly [red: number, green: number, blue: number];

function paint(width: number, height: number, colour: Paint): RgbaImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 4);
  return { data, width, height };
}

const grey =
  (value: (x: number, y: number) => number): Paint =>
  (x, y) => {
    const v = value(x, y);
    return [v, v, v];
  };

/** Random values on a lattice with straight lines between them: spots, which detectors like to take for faces. */
function smoothNoise(width: number, height: number, cells: number, random: () => number): RgbaImage {
  const columns = cells + 2;
  const lattice = Array.from({ length: columns * columns }, () => random() * 256);
  const value = (x: number, y: number): number => {
    const [fx, fy] = [(x / width) * cells, (y / height) * cells];
    const [ix, iy] = [Math.floor(fx), Math.floor(fy)];
    const row = (j: number): number => {
      const [a, b] = [lattice[(iy + j) * columns + ix]!, lattice[(iy + j) * columns + ix + 1]!];
      return a + (b - a) * (fx - ix);
    };
    return row(0) + (row(1) - row(0)) * (fy - iy);
  };
  return paint(width, height, grey(value));
}

/** Pictures of nothing, by name: plain, noise of several kinds, gradients, patterns. The same ones for the same seed. */
export function* nonFaces(width: number, seed: number): Generator<[name: string, image: RgbaImage]> {
  const height = Math.round(width * 0.8);
  const random = randomFrom(seed);
  const about = (x: number, y: number): number => Math.hypot(x - width / 2, y - height / 2);
  for (const [name, value] of [
    ['black', 0],
    ['grey', 128],
    ['white', 255],
  ] as const)
    yield [
      name,
      paint(
        width,
        height,
        grey(() => value),
      ),
    ];
  yield ['coloured noise', paint(width, height, () => [random() * 256, random() * 256, random() * 256])];
  yield [
    'grey noise',
    paint(
      width,
      height,
      grey(() => random() * 256),
    ),
  ];
  yield [
    'soft noise',
    paint(
      width,
      height,
      grey(() => 64 + (random() + random() + random()) * 42),
    ),
  ];
  yield [
    'salt and pepper',
    paint(
      width,
      height,
      grey(() => (random() < 0.5 ? 0 : 255)),
    ),
  ];
  for (const cells of [4, 16, 32]) yield [`smooth noise of ${cells}`, smoothNoise(width, height, cells, random)];
  yield [
    'a gradient',
    paint(
      width,
      height,
      grey((x) => (x / width) * 255),
    ),
  ];
  yield [
    'a spotlight',
    paint(
      width,
      height,
      grey((x, y) => Math.max(0, 255 - (about(x, y) / width) * 450)),
    ),
  ];
  for (const side of [2, 4, 16])
    yield [
      `checks of ${side}`,
      paint(
        width,
        height,
        grey((x, y) => ((Math.floor(x / side) + Math.floor(y / side)) % 2) * 255),
      ),
    ];
  for (const side of [6, 12])
    yield [
      `rings of ${side}`,
      paint(
        width,
        height,
        grey((x, y) => (Math.floor(about(x, y) / side) % 2) * 255),
      ),
    ];
}

/** A square cut out of a picture. */
export function cut(image: RgbaImage, left: number, top: number, side: number): RgbaImage {
  const data = new Uint8Array(side * side * 4);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * image.width + left) * 4;
    data.set(image.data.subarray(from, from + side * 4), y * side * 4);
  }
  return { data, width: side, height: side };
}
