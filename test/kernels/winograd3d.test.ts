import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import type { Activation } from '../../src/graph/op.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution, convolutionGradients } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

interface Case {
  /** One volume, [d, h, w, c]. */
  readonly volume: readonly [d: number, h: number, w: number, c: number];
  readonly n: number;
  readonly kd?: number;
  readonly size?: number;
  /** Tiles and slices of a call at most. */
  readonly tiles?: number;
  readonly slices?: number;
  readonly padding?: Padding;
  readonly activation?: Activation;
}

function prepare({ volume, n, kd = 3, size = 4, padding = 'same' }: Case) {
  const sandbox = new Sandbox();
  const shape: Shape = [1, ...volume];
  const c = volume[3];
  const window = resolveWindow('', shape, [kd, 3, 3], { padding });
  const x = { shape, values: randomArray(elementsOf(shape), c) };
  const filters = { shape: [kd, 3, 3, c, n], values: randomArray(9 * kd * c * n, n) };
  const { z, y, x: along } = window;
  return {
    sandbox,
    exact: { x, filters, window, groups: 1 },
    window,
    points: (size + 2) ** 2,
    input: sandbox.input(x.values),
    perSlice: Math.ceil(y.size / size) * Math.ceil(along.size / size),
    length: z.size * y.size * along.size * n,
    /** Sizes that kernels take: of the volume, channels and depth of the window, its place, and of the output. */
    sizes: (slice: number) => [...volume, n, kd, z.before - slice, y.before, along.before, y.size, along.size] as const,
  };
}

/** Every block of tiles × slices, the last one first. */
const blocksOf = (slices: number, tiles: number, slicesOfCall: number, tilesOfCall: number) =>
  combinations(
    Array.from({ length: Math.ceil(slices / slicesOfCall) }, (_, i) => i * slicesOfCall),
    Array.from({ length: Math.ceil(tiles / tilesOfCall) }, (_, i) => i * tilesOfCall),
  ).reverse();

/** The error of a convolution, block by block. */
function errorOf(given: Case): number {
  const { n, kd = 3, size = 4, tiles = 3, slices = 2, activation = activations[0]![1] } = given;
  const { sandbox, exact, window, points, input, perSlice, length, sizes } = prepare(given);
  const c = given.volume[3];
  const bias = randomArray(n, n + 1);
  const { slope, lo, hi } = activation;
  const u = sandbox.output(points * (kd * c * n + 16));
  const plain = sandbox.input(exact.filters.values);
  for (let column = 0; column < n; column += 8) {
    const [to, from] = [u + column * kd * c * 4, plain + column * 4];
    sandbox.kernels.f32_winograd_filter(to, from, sandbox.output(36 * 4), kd, c, n, 8, size);
  }
  const [out, shift] = [sandbox.output(length), sandbox.input(bias)];
  const outSlice = window.y.size * window.x.size * n;
  for (const [slice, first] of blocksOf(window.z.size, perSlice, slices, tiles)) {
    const [deep, count] = [Math.min(slices, window.z.size - slice), Math.min(tiles, perSlice - first)];
    const v = count * (deep + kd - 1) * c + 16;
    const m = Math.ceil((count * deep) / 4) * 4 * n + 16;
    const scratch = sandbox.output(points * (v + m + c) + 36 * 4);
    sandbox.kernels.f32_winograd_conv3d(
      out + slice * outSlice * 4,
      input,
      u,
      shift,
      scratch,
      first,
      count,
      deep,
      ...sizes(slice),
      size,
      slope,
      lo,
      hi,
    );
  }
  sandbox.check();
  const expected = convolution(exact, bias).map((sum) => activate(sum, activation));
  return relativeError(sandbox.read(out, length), expected);
}

/** The error of the gradient in the filters, its transforms tile by tile and its products point by point. */
function gradientErrorOf(given: Case): number {
  const { n, kd = 3, tiles = 3, slices = 2 } = given;
  const { sandbox, exact, window, input, perSlice, length, sizes } = prepare(given);
  const { kernels } = sandbox;
  const c = given.volume[3];
  const gradient = randomArray(length, n + 2);
  const from = sandbox.input(gradient);
  const point = kd * c * n + 16;
  const u = sandbox.output(36 * point);
  const scratch = sandbox.output(36 * Math.max(c, n) + 36 * 4);
  for (const [i, [slice, first]] of blocksOf(window.z.size, perSlice, slices, tiles).entries()) {
    const [deep, count] = [Math.min(slices, window.z.size - slice), Math.min(tiles, perSlice - first)];
    const [vTile, dTile] = [(deep + kd - 1) * c, deep * n];
    const [vPoint, dPoint] = [count * vTile + 16, count * dTile + 16];
    const [v, d] = [sandbox.output(36 * vPoint), sandbox.output(36 * dPoint)];
    const of = from + slice * window.y.size * window.x.size * n * 4;
    for (let tile = count - 1; tile >= 0; tile--)
      kernels.f32_winograd3d_gradient_tiles(
        v + tile * vTile * 4,
        d + tile * dTile * 4,
        input,
        of,
        scratch,
        first + tile,
        1,
        deep,
        ...sizes(slice),
        vPoint * 4,
        dPoint * 4,
      );
    for (let p = 35; p >= 0; p--) {
      const [to, a, b] = [u + p * point * 4, v + p * vPoint * 4, d + p * dPoint * 4];
      kernels.f32_winograd3d_gradient_multiply(to, a, b, 1, count, deep, kd, c, n, i > 0);
    }
  }
  const out = sandbox.output(9 * kd * c * n);
  for (let kz = 0; kz < kd; kz++) {
    const [to, of] = [out + 9 * kz * c * n * 4, u + kz * c * n * 4];
    kernels.f32_winograd_gradient_finish(to, of, scratch, c * n, c * n * 4, point * 4, 1, 0);
  }
  sandbox.check();
  return relativeError(sandbox.read(out, 9 * kd * c * n), convolutionGradients(exact, gradient).filters);
}

const byEachSide = [
  [1, 2],
  [0, 3],
  [4, 1],
] as const;

describe('f32_winograd_conv3d', () => {
  it.each(combinations([4, 2], [1, 2, 5], [1, 4, 7], [3, 9], ['same', byEachSide] as const))(
    '%i outputs a side, %i × %i × %i, padding %j',
    (size, d, h, w, padding) => {
      expect(errorOf({ volume: [d, h, w, 4], n: 8, size, padding })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([1, 2, 3, 4], [1, 2, 3, 6], [1, 2, 7]))(
    '%i deep, %i slices and %i tiles a call',
    (kd, slices, tiles) => {
      expect(errorOf({ volume: [6, 5, 9, 8], n: 16, kd, slices, tiles })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([4, 12, 20], [8, 24]))('%i to %i channels', (c, n) => {
    expect(errorOf({ volume: [5, 7, 6, c], n, slices: 5, tiles: 4 })).toBeLessThan(tolerance.winograd);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(errorOf({ volume: [3, 7, 9, 8], n: 8, activation })).toBeLessThan(tolerance.winograd);
  });
});

describe('the kernels of the gradient in its filters', () => {
  it.each(combinations([1, 2, 5], [1, 4, 7], [3, 9], ['same', byEachSide] as const))(
    '%i × %i × %i, padding %j',
    (d, h, w, padding) => {
      expect(gradientErrorOf({ volume: [d, h, w, 4], n: 8, padding })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([1, 2, 3, 4], [1, 2, 3, 6], [1, 2, 7]))(
    '%i deep, %i slices and %i tiles a call',
    (kd, slices, tiles) => {
      expect(gradientErrorOf({ volume: [6, 5, 9, 4], n: 12, kd, slices, tiles })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([4, 20], [4, 8, 12]))('%i to %i channels', (c, n) => {
    expect(gradientErrorOf({ volume: [5, 7, 6, c], n, slices: 5, tiles: 4 })).toBeLessThan(tolerance.winograd);
  });
});
