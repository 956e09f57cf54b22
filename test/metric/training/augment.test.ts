import { describe, expect, it } from 'vitest';
import { Rng } from '../../../src/core/rng.ts';
import { type AugmentOptions, augmentation } from '../../../src/metric/training/augment.ts';
import { randomArray } from '../../support/random.ts';

const SIDE = 20;
/** A picture that changes slowly, so that interpolating it is right to a hundredth. */
const hill = (x: number, y: number): number => Math.exp(-((x - 9) ** 2 + 2 * (y - 11) ** 2) / 40);
const picture = (of = hill): Float32Array =>
  Float32Array.from({ length: SIDE * SIDE }, (_, i) => of(i % SIDE, Math.floor(i / SIDE)));

function apply(options: AugmentOptions, from = picture(), seed = 1, to: [number, number] = [SIDE, SIDE], channels = 1) {
  const out = new Float32Array(to[0] * to[1] * channels);
  augmentation([SIDE, SIDE, channels], to, options).apply(from, out, new Rng(seed));
  return out;
}
const largest = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
/** Where the brightness of a picture lies, and how far it spreads. */
function moments(of: Float32Array) {
  let [sum, x, y] = [0, 0, 0];
  for (const [i, v] of of.entries()) {
    sum += v;
    x += v * (i % SIDE);
    y += v * Math.floor(i / SIDE);
  }
  return { sum, x: x / sum, y: y / sum };
}

describe('augmentation', () => {
  it('leaves pictures as they are where nothing is asked for', () => {
    const from = randomArray(SIDE * SIDE, 3);
    expect(largest(apply({}, from), from)).toBeLessThan(1e-6);
  });

  it('brings pictures to the size of the input, averaging where it shrinks', () => {
    const from = picture((x, y) => x + 100 * y);
    const out = apply({}, from, 1, [10, 10]);
    // A cell of 2 × 2 pixels is their mean, and a plane's mean is its centre.
    expect(out[0]).toBeCloseTo(0.5 + 50, 3);
    expect(out[23]).toBeCloseTo(6.5 + 450, 3);
    const checker = picture((x, y) => (x + y) % 2);
    for (const value of apply({}, checker, 1, [10, 10])) expect(value).toBeCloseTo(0.5, 6);
  });

  it('is a function of the numbers that it draws', () => {
    const options = {
      rotate: 20,
      scale: 0.2,
      stretch: 0.1,
      shear: 0.2,
      shift: 0.1,
      elastic: 0.05,
      flip: true,
      noise: 0.1,
    };
    expect(apply(options, picture(), 5)).toEqual(apply(options, picture(), 5));
    expect(largest(apply(options, picture(), 5), apply(options, picture(), 6))).toBeGreaterThan(0.05);
  });

  it('shifts by no more than it may, to all sides', () => {
    const start = moments(picture());
    const ends = Array.from({ length: 60 }, (_, seed) => moments(apply({ shift: 0.1 }, picture(), seed)));
    for (const axis of ['x', 'y'] as const) {
      const moves = ends.map((end) => end[axis] - start[axis]);
      expect(Math.max(...moves.map(Math.abs))).toBeLessThan(0.1 * SIDE + 0.1);
      expect(Math.max(...moves)).toBeGreaterThan(1);
      expect(Math.min(...moves)).toBeLessThan(-1);
    }
  });

  it('keeps to the scale', () => {
    const start = moments(picture()).sum;
    const areas = Array.from({ length: 60 }, (_, seed) => moments(apply({ scale: 0.25 }, picture(), seed)).sum / start);
    expect(Math.max(...areas)).toBeLessThan(1.25 ** 2 + 0.02);
    expect(Math.max(...areas)).toBeGreaterThan(1.3);
    expect(Math.min(...areas)).toBeGreaterThan(1 / 1.25 ** 2 - 0.02);
    expect(Math.min(...areas)).toBeLessThan(0.77);
  });

  it('turns about the centre, and a turn of a disc about the centre shows nothing', () => {
    const disc = picture((x, y) => Math.exp(-((x - 9.5) ** 2 + (y - 9.5) ** 2) / 20));
    expect(largest(apply({ rotate: 90 }, disc), disc)).toBeLessThan(0.02);
    expect(largest(apply({ rotate: 90 }), picture())).toBeGreaterThan(0.05);
  });

  it('mirrors about half of all', () => {
    const mirrored = picture((x, y) => hill(SIDE - 1 - x, y));
    const kinds = Array.from({ length: 40 }, (_, seed) => {
      const out = apply({ flip: true }, picture(), seed);
      return [largest(out, picture()) < 1e-5, largest(out, mirrored) < 1e-5];
    });
    for (const [same, other] of kinds) expect(same !== other).toBe(true);
    expect(Math.abs(kinds.filter(([same]) => same).length - 20)).toBeLessThan(10);
  });

  it('bends smoothly, about as far as told', () => {
    // Pictures whose values are places show where each cell came from.
    const moves = Array.from({ length: 30 }, (_, seed) => {
      const out = apply(
        { elastic: 0.04 },
        picture((x) => x),
        seed,
      );
      return out
        .map((v, i) => v - (i % SIDE))
        .filter((_, i) => i % SIDE > 4 && i % SIDE < 15 && i > 5 * SIDE && i < 15 * SIDE);
    });
    const all = moves.flatMap((move) => [...move]);
    const deviation = Math.sqrt(all.reduce((sum, v) => sum + v * v, 0) / all.length);
    // The spline of independent moves has less spread than they.
    expect(deviation).toBeGreaterThan(0.04 * SIDE * 0.3);
    expect(deviation).toBeLessThan(0.04 * SIDE);
    for (const move of moves) for (let i = 1; i < 10; i++) expect(Math.abs(move[i]! - move[i - 1]!)).toBeLessThan(0.5);
  });

  it('adds noise of the deviation', () => {
    const out = apply({ noise: 0.3 }, new Float32Array(SIDE * SIDE));
    const squares = out.reduce((sum, v) => sum + v * v, 0) / out.length;
    expect(Math.sqrt(squares)).toBeCloseTo(0.3, 1);
  });

  it('fills what lies outside', () => {
    const out = apply({ shift: 0.45, fill: 7 }, new Float32Array(SIDE * SIDE), 3);
    expect(out).toContain(7);
    expect(out).toContain(0);
  });

  it('moves all channels alike', () => {
    const grey = picture();
    const colours = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => grey[Math.floor(i / 3)]! * ((i % 3) + 1));
    const options = { rotate: 20, shear: 0.1, elastic: 0.03 };
    const one = apply(options, grey);
    const three = apply(options, colours, 1, [SIDE, SIDE], 3);
    for (const [i, value] of three.entries()) expect(value).toBeCloseTo(one[Math.floor(i / 3)]! * ((i % 3) + 1), 5);
  });

  it.each([
    [{ rotate: -1 }, 'rotate must be a finite number of at least 0, got -1'],
    [{ noise: Number.NaN }, 'noise must be a finite number of at least 0, got NaN'],
    [{ elasticPoints: 3 }, 'elasticPoints must be a whole number of at least 4, got 3'],
    [{ fill: Number.POSITIVE_INFINITY }, 'fill must be finite'],
  ])('refuses %j', (options, message) => {
    expect(() => augmentation([4, 4, 1], [4, 4], options)).toThrow(`augmentation: ${message}`);
  });

  it('is for pictures', () => {
    expect(() => augmentation([128], [4, 4])).toThrow('examples must be pictures, [H,W,C], got [128]');
  });
});
