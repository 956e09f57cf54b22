import { describe, expect, it } from 'vitest';
import { SeveralFacesError } from '../../src/faces/errors.ts';
import { pickFace } from '../../src/faces/pick.ts';

const photo = { width: 200, height: 100 };
const faceAt = (x: number, y: number, side: number) => ({
  box: { x, y, width: side, height: side },
  score: 0.9,
  landmarks: [],
});
const faces = [faceAt(0, 0, 20), faceAt(90, 40, 20), faceAt(150, 50, 40)];

describe('pickFace', () => {
  it('takes the only face, and refuses to choose among several', () => {
    expect(pickFace('embed', faces.slice(0, 1), 'only', photo)).toBe(0);
    expect(() => pickFace('embed', faces, 'only', photo)).toThrow(SeveralFacesError);
    expect(() => pickFace('embed', faces, 'only', photo)).toThrow(/^embed: 3 faces/);
  });

  it('takes the largest, the central, or one by its place', () => {
    expect(pickFace('embed', faces, 'largest', photo)).toBe(2);
    expect(pickFace('embed', faces, 'central', photo)).toBe(1);
    expect(pickFace('embed', faces, 2, photo)).toBe(2);
  });

  it('takes the surer of two that are alike', () => {
    const twins = [faceAt(40, 40, 20), faceAt(140, 40, 20)];
    expect(pickFace('embed', twins, 'largest', photo)).toBe(0);
    expect(pickFace('embed', twins, 'central', photo)).toBe(0);
  });

  it.each([3, -1, 0.5, Number.NaN, 'middle' as never])('refuses %j', (choice) => {
    expect(() => pickFace('embed', faces, choice, photo)).toThrow(/face must be/);
  });
});
