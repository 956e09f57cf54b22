import type { Box, Point } from '../image/geometry.ts';

/** A face found in a photo, in pixels of the upright original: x to the right, y down, (0, 0) the top left corner. */
export interface Face {
  /** It may hang over the edge of the photo. */
  readonly box: Box;
  /** How sure the detector is, 0..1. It tells faces from other things; it says nothing about who it is. */
  readonly score: number;
  /**
   * 68 points in the order of iBUG 300-W: jaw 0–16, brows 17–26, nose 27–35, left eye 36–41, right eye 42–47, mouth
   * 48–67; "left" is the left of the picture.
   */
  readonly landmarks: readonly Point[];
}

/** 128 numbers that stand for a face: Euclidean distances between them are small for one person's photos. */
export type Embedding = Float32Array;

/** A face with its embedding. */
export interface EmbeddedFace {
  readonly embedding: Embedding;
  readonly face: Face;
}

/** Why something that a detector proposed is not taken for a face. */
export type Rejection = 'too small' | 'flat' | 'not like a face';

/** A proposal of the detector that was turned down. */
export interface RejectedFace {
  readonly box: Box;
  readonly score: number;
  readonly reason: Rejection;
}
