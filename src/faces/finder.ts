import { InputError } from '../core/errors.ts';
import { type Box, clipBox, floorBox, type Point } from '../image/geometry.ts';
import type { Photo } from '../image/photo.ts';
import { decodeLandmarks } from '../models/landmarks68.ts';
import type { DetectorOptions, FaceDetector } from './detector.ts';
import type { Face, RejectedFace } from './face.ts';
import type { Network } from './network.ts';
import { doubtAbout } from './plausible.ts';

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

/** Below this, faces of two people are mistaken for one another too often (measured: docs/faces.md). */
export const MIN_FACE_SIZE = 32;

/** Detector and landmarks together: the faces of a photo, each checked to look like one. */
export class FaceFinder {
  readonly #detector: FaceDetector;
  readonly #landmarks: Network;

  constructor(detector: FaceDetector, landmarks: Network) {
    this.#detector = detector;
    this.#landmarks = landmarks;
  }

  /** The faces in a photo, the surest first, and what was proposed and turned down. */
  find(photo: Photo, options: DetectOptions = {}): { found: FoundFace[]; rejected: RejectedFace[] } {
    const { minSize = MIN_FACE_SIZE } = options;
    if (!(minSize >= 0 && Number.isFinite(minSize)))
      throw new InputError(`detect: minSize must be a number of pixels, got ${minSize}`);
    const found: FoundFace[] = [];
    const rejected: RejectedFace[] = [];
    for (const { box, score } of this.#detector.detect(photo, options)) {
      const region = floorBox(clipBox(box, photo.width, photo.height));
      if (region.width < 1 || region.height < 1 || Math.min(box.width, box.height) < minSize) {
        rejected.push({ box, score, reason: 'too small' });
        continue;
      }
      const pixels = photo.square(region, this.#landmarks.sampling());
      const landmarks = this.#locate(pixels, region);
      const reason = doubtAbout({ box, pixels, landmarks });
      if (reason) rejected.push({ box, score, reason });
      else found.push({ face: { box, score, landmarks }, region });
    }
    return { found, rejected };
  }

  /** The landmarks of a face known to be in a region. */
  locate(photo: Photo, region: Box): Point[] {
    return this.#locate(photo.square(region, this.#landmarks.sampling()), region);
  }

  #locate(pixels: Float32Array, region: Box): Point[] {
    return decodeLandmarks(this.#landmarks.run(pixels).landmarks!, region);
  }
}
