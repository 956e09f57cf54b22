import { InputError } from '../core/errors.ts';
import { type Box, clipBox, floorBox, type Point, type Similarity } from '../image/geometry.ts';
import type { Photo } from '../image/photo.ts';
import type { Detection } from '../models/detector.ts';
import { decodeLandmarks } from '../models/landmarks68.ts';
import { chipSimilarity } from './align.ts';
import type { DetectorOptions, FaceDetector } from './detector.ts';
import type { Face, RejectedFace, Rejection } from './face.ts';
import type { Network } from './network.ts';
import { bounds, boxAround, isFaceLike, textureOf, unsteadiness } from './plausible.ts';

export interface DetectOptions extends DetectorOptions {
  /**
   * Faces whose box is narrower or lower than this are left out, in pixels of the photo as decoded (photos of more than
   * 4 megapixels are decoded at a half, a quarter or an eighth of their size). Default: 32.
   */
  readonly minSize?: number;
}

/** A face, in pixels of the decoded photo, and the part of the photo in which its landmarks were looked for. */
export interface FoundFace {
  readonly face: Face;
  readonly region: Box;
}

/**
 * Smaller faces are mistaken for one another: on photos of LFW reduced to that size, two people are within a distance of
 * 0.6 of each other 1.6 times as often at 32 pixels as at 60, 2.5 times at 24, 10 times at 16.
 */
export const MIN_FACE_SIZE = 32;

/** Detector and landmarks together: the faces of a photo, each checked to look like one. */
export class FaceFinder {
  readonly #detector: FaceDetector;
  readonly #landmarks: Network;

  constructor(detector: FaceDetector, landmarks: Network) {
    this.#detector = detector;
    this.#landmarks = landmarks;
  }

  prepare(): void {
    this.#detector.prepare();
    this.#landmarks.prepare();
  }

  /** The faces in a photo, the surest first, and what was proposed and turned down. */
  find(photo: Photo, options: DetectOptions = {}): { found: FoundFace[]; rejected: RejectedFace[] } {
    const { minSize = MIN_FACE_SIZE } = options;
    if (!(minSize >= 0 && Number.isFinite(minSize)))
      throw new InputError(`detect: minSize must be a number of pixels, got ${minSize}`);
    const found: FoundFace[] = [];
    const rejected: RejectedFace[] = [];
    for (const detection of this.#detector.detect(photo, options)) {
      const judged = this.#judge(photo, detection, minSize);
      if (typeof judged === 'string') rejected.push({ ...detection, reason: judged });
      else found.push(judged);
    }
    return { found, rejected };
  }

  /** The landmarks of a face known to be in a region. */
  locate(photo: Photo, region: Box): Point[] {
    return this.#locate(photo.square(region, this.#landmarks.sampling()), region);
  }

  #judge(photo: Photo, { box, score }: Detection, minSize: number): FoundFace | Rejection {
    const region = visiblePart(photo, box);
    if (region.width < 1 || region.height < 1 || !(Math.min(box.width, box.height) >= minSize)) return 'too small';
    const pixels = photo.square(region, this.#landmarks.sampling());
    const { contrast, roughness } = textureOf(pixels, this.#landmarks.architecture.input.divisor, region);
    if (!(contrast >= bounds.contrast)) return 'flat';
    if (!(roughness <= bounds.roughness)) return 'not like a face';
    const landmarks = this.#locate(pixels, region);
    const chipToPhoto = similarityOf(landmarks);
    if (!chipToPhoto || !isFaceLike(landmarks, chipToPhoto, box)) return 'not like a face';
    const around = visiblePart(photo, boxAround(landmarks, chipToPhoto));
    if (around.width < 1 || around.height < 1) return 'not like a face';
    const again = this.locate(photo, around);
    if (!(unsteadiness(landmarks, again) <= this.#detector.steadiness)) return 'not like a face';
    return { face: { box, score, landmarks }, region };
  }

  #locate(pixels: Float32Array, region: Box): Point[] {
    return decodeLandmarks(this.#landmarks.run(pixels).landmarks!, region);
  }
}

/** The part of a box inside the photo, on whole pixels. */
const visiblePart = (photo: Photo, box: Box): Box => floorBox(clipBox(box, photo.width, photo.height));

/** The similarity from the mean face to landmarks; undefined where they lie in one place or mirrored. */
function similarityOf(landmarks: readonly Point[]): Similarity | undefined {
  try {
    return chipSimilarity(landmarks);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
