import { type Box, centroidOf, type Point, type Similarity, scaleOf } from '../image/geometry.ts';
import { eyeDistance, shapeResidual, squaredDistance } from './align.ts';
import { CHIP_SIZE } from './mean-face.ts';

/**
 * What tells faces from what detectors take for faces: noise, textures, patterns. The landmarks network always answers
 * with something like a face; over other things its answer fits badly, is small in its box, or moves when it looks again.
 *
 * Bounds from 874 faces of LFW and 42 of group photos, and from 90 proposals above 0.15 in noise, gradients, checks,
 * rings, paintings and landscapes; in brackets the worst face that is whole in its photo.
 */
export const bounds = {
  /** Standard deviation of the brightness, 0..255 (28): below, there is nothing to see. */
  contrast: 8,
  /** Mean step between neighbours over the standard deviation (0.21): checks and rings are above 0.33. */
  roughness: 0.25,
  /** Side of the aligned face over the longer side of the box (0.70). */
  extent: 0.62,
  /** Misfit to the mean face in pixels of the aligned face, `shapeResidual` (12.4). */
  residual: 14,
} as const;

const LUMA = [0.299, 0.587, 0.114] as const;

/** Contrast and roughness of the brightness of a face's region, as [size, size, 3] with the region in its middle. */
export function textureOf(pixels: Float32Array, divisor: number, region: Box): { contrast: number; roughness: number } {
  const size = Math.sqrt(pixels.length / 3);
  const side = Math.max(region.width, region.height);
  const columns = Math.ceil((region.width / side) * size);
  const rows = Math.ceil((region.height / side) * size);
  const [left, top] = [Math.floor((size - columns) / 2), Math.floor((size - rows) / 2)];
  let sum = 0;
  let squares = 0;
  let steps = 0;
  for (let y = top; y < top + rows; y++) {
    let before = 0;
    for (let x = left; x < left + columns; x++) {
      const at = (y * size + x) * 3;
      const value = (LUMA[0] * pixels[at]! + LUMA[1] * pixels[at + 1]! + LUMA[2] * pixels[at + 2]!) * divisor;
      sum += value;
      squares += value * value;
      if (x > left) steps += Math.abs(value - before);
      before = value;
    }
  }
  const count = rows * columns;
  const mean = sum / count;
  const contrast = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const step = steps / Math.max(1, rows * (columns - 1));
  return { contrast, roughness: contrast > 0 ? step / contrast : Number.POSITIVE_INFINITY };
}

/** Whether landmarks lie like those of a face that fills its box. */
export function isFaceLike(landmarks: readonly Point[], chipToPhoto: Similarity, box: Box): boolean {
  const middle = centroidOf(landmarks);
  const inside =
    middle.x >= box.x && middle.x <= box.x + box.width && middle.y >= box.y && middle.y <= box.y + box.height;
  const extent = (CHIP_SIZE * scaleOf(chipToPhoto)) / Math.max(box.width, box.height);
  // NaN fails every comparison, so each says what must hold.
  return inside && extent >= bounds.extent && shapeResidual(landmarks, chipToPhoto) <= bounds.residual;
}

/** Where to look again for the same landmarks: the box that they would have from the tiny detector, on average. */
export function boxAround(landmarks: readonly Point[], chipToPhoto: Similarity): Box {
  const side = (CHIP_SIZE * scaleOf(chipToPhoto)) / 0.94;
  const { x, y } = centroidOf(landmarks);
  return { x: x - 0.5 * side, y: y - 0.44 * side, width: side, height: side };
}

/** How far landmarks moved at the second look, over the distance of the eyes: root of the mean square, jaw left out. */
export function unsteadiness(first: readonly Point[], second: readonly Point[]): number {
  let sum = 0;
  for (let i = 17; i < first.length; i++) sum += squaredDistance(first[i]!, second[i]!);
  return Math.sqrt(sum / (first.length - 17)) / eyeDistance(first);
}
