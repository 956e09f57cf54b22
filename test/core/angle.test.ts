import { describe, expect, it } from 'vitest';
import { direction } from '../../src/core/angle.ts';

describe('direction', () => {
  it('is the cosine and the sine', () => {
    for (let degrees = -720; degrees <= 720; degrees += 0.37) {
      const { cos, sin } = direction(degrees);
      // Between the two: 360 of Math.cos's own argument is not a whole turn.
      expect(Math.abs(cos - Math.cos((degrees * Math.PI) / 180))).toBeLessThan(3e-15);
      expect(Math.abs(sin - Math.sin((degrees * Math.PI) / 180))).toBeLessThan(3e-15);
    }
  });

  it('is exact at quarter turns', () => {
    expect(
      [0, 90, 180, 270, 360, -90].map((degrees) => direction(degrees)).map(({ cos, sin }) => [cos + 0, sin + 0]),
    ).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [1, 0],
      [0, -1],
    ]);
  });
});
