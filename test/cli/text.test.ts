import { describe, expect, it } from 'vitest';
import { columns, count, formatBox, formatDistance } from '../../src/cli/text.ts';

describe('text for people', () => {
  it.each([
    [0.41234, 0.6, '0.412'],
    [0.60004, 0.6, '0.60004'],
    [0.5996, 0.6, '0.5996'],
    [0.6, 0.6, '0.600'],
    [0.60000001, 0.6, '0.60000001'],
  ])('writes the distance %d so that its side of %d shows', (distance, threshold, expected) => {
    expect(formatDistance(distance, threshold)).toBe(expected);
  });

  it('counts', () => {
    expect([0, 1, 2].map((n) => count(n, 'face'))).toEqual(['no faces', '1 face', '2 faces']);
    expect([1, 3].map((n) => count(n, 'person', 'people'))).toEqual(['1 person', '3 people']);
  });

  it('writes boxes and columns', () => {
    expect(formatBox({ x: 1.4, y: 2.6, width: 30, height: 40.5 })).toBe('30 × 41 at (1, 3)');
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'c'],
      ]),
    ).toBe('  a     bb   c\n  aaa   b    c');
    expect(columns([])).toBe('');
  });
});
