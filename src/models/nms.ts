import { iou } from '../image/geometry.ts';
import type { Detection } from './detector.ts';

/**
 * Non-maximum suppression: of boxes that overlap, the best stays. Goes through them from the best score down (equal
 * scores: the earlier first) and drops each that shares more than `maxOverlap` of its area, intersection over union, with
 * one that was kept.
 *
 * @param most How many are kept at most.
 */
export function suppressOverlaps(
  found: readonly Detection[],
  maxOverlap: number,
  most = Number.POSITIVE_INFINITY,
): Detection[] {
  const kept: Detection[] = [];
  for (const next of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.length >= most) break;
    if (kept.every(({ box }) => iou(box, next.box) <= maxOverlap)) kept.push(next);
  }
  return kept;
}
