import { Rng } from '../../src/core/rng.ts';
import { arrayDataset, type Dataset } from '../../src/metric/training/dataset.ts';

/**
 * Little pictures in classes that an encoder can learn to tell apart: each class is a few strokes, its examples are those
 * strokes moved a little.
 */
export function strokeDataset({ classes = 8, each = 6, side = 12, seed = 1, first = 0 } = {}): Dataset {
  const examples = [];
  for (let c = first; c < first + classes; c++) {
    const kind = new Rng(seed, c);
    const strokes = Array.from({ length: 3 }, () => [kind.uniform(), kind.uniform(), kind.uniform(), kind.uniform()]);
    for (let e = 0; e < each; e++) {
      const rng = new Rng(seed, c, e + 1);
      const values = new Float32Array(side * side);
      const [dx, dy] = [rng.between(-0.08, 0.08), rng.between(-0.08, 0.08)];
      for (const [x0, y0, x1, y1] of strokes as [number, number, number, number][])
        for (let t = 0; t <= 1; t += 1 / side) {
          const x = Math.round((x0 + (x1 - x0) * t + dx) * (side - 1));
          const y = Math.round((y0 + (y1 - y0) * t + dy) * (side - 1));
          if (x >= 0 && x < side && y >= 0 && y < side) values[y * side + x] = 1;
        }
      examples.push({ class: `kind${String(c).padStart(3, '0')}`, values });
    }
  }
  return arrayDataset(examples, [side, side, 1]);
}
