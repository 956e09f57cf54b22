import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveWindow, type Window, windowOutputs } from '../../../src/core/window.ts';
import { type WindowPart, windowParts, windowTurns } from '../../../src/graph/ops/window-parts.ts';
import { anyWindow } from '../../support/any-window.ts';

/** So many channels that every image is worth cutting: nothing is computed. */
const CHANNELS = 2 ** 20;

/** Any window on inputs high enough for several bands. */
const anyCase = anyWindow.map(({ batch, sizes, kernel, stride, dilation, padding }) => {
  const input = [batch, ...sizes.map((size, axis) => (axis === sizes.length - 2 ? size * 9 : size)), CHANNELS];
  return { batch, window: resolveWindow('test', input, kernel, { stride, dilation, padding }) };
});

/** The rows of the output that a part computes: numbers that no other row of the batch has. */
const outputRows = ({ output, sizes: [, , c, rows, columns] }: WindowPart): number[] =>
  Array.from({ length: rows }, (_, row) => output / c / 4 / columns + row);

/** The rows of the input that the windows of a part reach. */
function inputRows({ input, planes, sizes }: WindowPart, { z, y }: Window): number[] {
  const [h, w, c, rows, , , , top, , stride] = sizes;
  const first = input / c / 4 / w;
  return Array.from({ length: planes }, (_, plane) => plane).flatMap((plane) =>
    Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
      Array.from({ length: y.kernel }, (_, tap) => row * stride - top + tap * y.dilation)
        .filter((at) => at >= 0 && at < h)
        .map((at) => first + plane * z.dilation * h + at),
    ),
  );
}

const sorted = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);

describe('windowParts and windowTurns', () => {
  it('hold every row of the output once', () => {
    fc.assert(
      fc.property(anyCase, ({ batch, window }) => {
        const { z, y, x } = window;
        const all = Array.from({ length: (batch * windowOutputs(window)) / x.size }, (_, row) => row);
        expect(all.length).toBe(batch * z.size * y.size);
        expect(sorted(windowParts(batch, window, CHANNELS).flatMap(outputRows))).toEqual(all);
        expect(sorted(windowTurns(batch, window, CHANNELS).flat().flatMap(outputRows))).toEqual(all);
      }),
    );
  });

  it('let no two parts of a turn reach one row of the input', () => {
    fc.assert(
      fc.property(anyCase, ({ batch, window }) => {
        for (const parts of windowTurns(batch, window, CHANNELS)) {
          const rows = parts.flatMap((part) => [...new Set(inputRows(part, window))]);
          expect(new Set(rows).size).toBe(rows.length);
        }
      }),
    );
  });

  it('take one turn where windows lie apart, and two where only rows overlap', () => {
    const turnsOf = (kernel: number, stride: number, dilation = 1): number[] => {
      const window = resolveWindow('test', [1, 49, 9, CHANNELS], [kernel, kernel], { stride, dilation });
      return windowTurns(1, window, CHANNELS).map((parts) => parts.length);
    };
    expect(turnsOf(2, 2)).toEqual([12]);
    expect(turnsOf(3, 2)).toEqual([6, 6]);
    // Bands are as high as a window reaches, or every other one would not lie apart.
    expect(turnsOf(2, 2, 7)).toEqual([3, 2]);
  });
});
