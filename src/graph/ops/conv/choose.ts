import type { Algorithm } from './algorithm.ts';
import { direct } from './direct.ts';
import { directFilterGradient, type FilterGradient } from './filter-gradient.ts';
import { gemm, roundUp } from './gemm.ts';
import { type Geometry, is3x3, is3x3InDepth, isPointwise, macsOf, outputPixels } from './geometry.ts';
import { fitsPolyphase, polyphase, polyphaseCost } from './polyphase.ts';
import { onlyTap, singleCell } from './single-cell.ts';
import { tilesOf, winograd2, winograd4, winograd6, winogradCost } from './winograd.ts';
import { fitsWinogradGradient, winogradFilterGradient } from './winograd-gradient.ts';
import { winograd3d2, winograd3d4, winograd3dCost } from './winograd3d.ts';
import { fitsWinograd3dGradient, winograd3dFilterGradient } from './winograd3d-gradient.ts';

/** Multiply-accumulates of the direct kernel, which takes pixels in fours. */
function directCost(g: Geometry): number {
  const pixels = g.batch * outputPixels(g);
  return (macsOf(g) * roundUp(pixels, 4)) / pixels;
}

/** With fewer tiles, 6 × 6 outputs must cost clearly less than 4 × 4: the filters' transforms are 1.8 times as large. */
const MANY_TILES = 64;
const CLEARLY = 1.05;
const cost6 = (g: Geometry): number => winogradCost(g, 6) * (tilesOf(g, 6) < MANY_TILES ? CLEARLY : 1);

/** The cheapest algorithm of a convolution. */
export function chooseAlgorithm(g: Geometry): Algorithm {
  if (isPointwise(g)) return gemm;
  if (onlyTap(g) !== undefined) return singleCell;
  if (fitsPolyphase(g)) return polyphaseCost(g) < directCost(g) ? polyphase : direct;
  if (!is3x3InDepth(g) || g.c % 4 !== 0 || g.n % 8 !== 0) return direct;
  const transformed: [Algorithm, number][] = is3x3(g)
    ? [
        [winograd6, cost6(g)],
        [winograd4, winogradCost(g, 4)],
        [winograd2, winogradCost(g, 2)],
      ]
    : [
        [winograd3d4, winograd3dCost(g, 4)],
        [winograd3d2, winograd3dCost(g, 2)],
      ];
  const costs: [Algorithm, number][] = [[direct, directCost(g)], ...transformed];
  return costs.reduce((best, other) => (other[1] < best[1] ? other : best))[0];
}

export function chooseFilterGradient(g: Geometry): FilterGradient {
  if (fitsWinogradGradient(g)) return winogradFilterGradient;
  return fitsWinograd3dGradient(g) ? winograd3dFilterGradient : directFilterGradient;
}
