import {
  applySimilarity,
  type Box,
  centroidOf,
  fitSimilarity,
  type Point,
  type Similarity,
  scaleOf,
} from '../image/geometry.ts';
import type { Photo, SampleOptions } from '../image/photo.ts';
import { aligningPoints, CHIP_SIZE, meanFace } from './mean-face.ts';

/**
 * How a face is cut out for the network. `'chip'`: turned, scaled and moved onto the mean face, as dlib trained it.
 * `'face-api'`: the upright square that @vladmandic/face-api cuts, to compare with its embeddings; less accurate.
 */
export type Alignment = 'chip' | 'face-api';

const LEFT_EYE = [36, 42] as const;
const RIGHT_EYE = [42, 48] as const;
const MOUTH = [48, 68] as const;

/** By products: engines may differ in the last bit of a power. */
export function squaredDistance(a: Point, b: Point): number {
  const [x, y] = [a.x - b.x, a.y - b.y];
  return x * x + y * y;
}

const middle = (landmarks: readonly Point[], [from, to]: readonly [number, number]): Point =>
  centroidOf(landmarks.slice(from, to));
const distance = (a: Point, b: Point): number => Math.sqrt(squaredDistance(a, b));

/** Distance between the middles of the eyes. */
export const eyeDistance = (landmarks: readonly Point[]): number =>
  distance(middle(landmarks, LEFT_EYE), middle(landmarks, RIGHT_EYE));

/** The similarity that leads from a chip of 150 × 150 pixels to the photo, by least squares over 33 points. */
export const chipSimilarity = (landmarks: readonly Point[]): Similarity =>
  fitSimilarity(meanFace, aligningPoints(landmarks));

/** How far the points of a face lie from those of the mean face laid over it: root of the mean square, in chip pixels. */
export function shapeResidual(landmarks: readonly Point[], chipToPhoto: Similarity): number {
  const points = aligningPoints(landmarks);
  let sum = 0;
  for (const [i, point] of meanFace.entries()) {
    sum += squaredDistance(applySimilarity(chipToPhoto, point), points[i]!);
  }
  return Math.sqrt(sum / meanFace.length) / scaleOf(chipToPhoto);
}

/** A face as it was found: its box, the part of the photo in which its landmarks were looked for, the landmarks. */
export interface LocatedFace {
  readonly box: Box;
  readonly region: Box;
  readonly landmarks: readonly Point[];
}

/**
 * The square that face-api cuts out, unclipped: its side is the mean distance of the eyes to the mouth over 0.45, its
 * middle between eyes and mouth, at 0.43 of its height. Two quirks belong to its embeddings: it places landmarks from the
 * corner of the box, though it looked for them in the part inside the photo, on whole pixels; and it bounds the square by
 * the size of that part, wherever the square is.
 */
export function faceApiCrop({ box, region, landmarks }: LocatedFace): Box {
  const placed = landmarks.map(({ x, y }) => ({ x: x + box.x - region.x, y: y + box.y - region.y }));
  const left = middle(placed, LEFT_EYE);
  const right = middle(placed, RIGHT_EYE);
  const mouth = middle(placed, MOUTH);
  const size = Math.floor((distance(mouth, left) + distance(mouth, right)) / 2 / 0.45);
  const centre = centroidOf([left, right, mouth]);
  const x = Math.floor(Math.max(0, centre.x - 0.5 * size));
  const y = Math.floor(Math.max(0, centre.y - 0.43 * size));
  return { x, y, width: Math.min(size, region.width + x), height: Math.min(size, region.height + y) };
}

/** The pixels of a face as the network wants them, [150, 150, 3]. */
export function cutFace(
  photo: Photo,
  face: LocatedFace,
  alignment: Alignment,
  options: Omit<SampleOptions, 'size'>,
): Float32Array {
  return alignment === 'chip'
    ? photo.warp(chipSimilarity(face.landmarks), { ...options, size: CHIP_SIZE })
    : photo.square(faceApiCrop(face), { ...options, size: CHIP_SIZE, place: 'centre' });
}
