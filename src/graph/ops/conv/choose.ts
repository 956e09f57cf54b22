import type { Algorithm } from './algorithm.ts';
import { direct } from './direct.ts';
import { directFilterGradient, type FilterGradient } from './filter-gradient.ts';
import { gemm, roundUp } from './gemm.ts';
import { type Geometry, is3x3, isPointwise, macsOf, outputPixels } from './geometry.ts';
import { onlyTap, singleCell } from './single-cell.ts';
import { winograd2, winograd4, winogradCost } from './winograd.ts';
import { fitsWinogradGradient, winogradFilterGradient } from './winograd-gradient.ts';

/** Multiply-accumulates of the direct kernel, which takes pixels in fours. */
function directCost(g: Geometry): number {
  const pixels = g.batch * outputPixels(g);
  return (macsOf(g) * roundUp(pixels, 4)) / pixels;
}

/** The cheapest algorithm of a convolution. */
export function chooseAlgorithm(g: Geometry): Algorithm {
  if (isPointwise(g)) return gemm;
  if (onlyTap(g) !== undefined) return singleCell;
  if (!is3x3(g) || g.c % 4 !== 0 || g.n % 8 !== 0) return direct;
  const costs: [Algorithm, number][] = [
    [direct, directCost(g)],
    [winograd4, winogradCost(g, 4)],
    [winograd2, winogradCost(g, 2)],
  ];
  return costs.reduce((best, other) => (other[1] < best[1] ? other : best))[0];
}

export const chooseFilterGradient = (g: Geometry): FilterGradient =>
  fitsWinogradGradient(g) ? winogradFilterGradient : directFilterGradient;
