import { InputError } from '../core/errors.ts';
import { loadParameters, type WeightsSource } from '../io/weights.ts';
import { manifestsOf, type NetworkName } from '../models/catalogue.ts';
import { faceRecognition } from '../models/face-recognition.ts';
import { landmarks68 } from '../models/landmarks68.ts';
import { isNode, packageWeights } from '../models/package-weights.ts';
import { Engine } from '../runtime/engine.ts';
import type { Alignment } from './align.ts';
import { type DetectorName, FaceDetector } from './detector.ts';
import { Faces } from './faces.ts';
import { FaceFinder } from './finder.ts';
import { Network } from './network.ts';

export interface LoadFacesOptions {
  /**
   * Where the weights are: a URL, Response, bytes or Blob of the file that `facsimile models copy faces DIR` writes, or
   * a folder (a path in Node, a URL that ends in `/`) that holds that file or the manifests of @vladmandic/face-api.
   * Default in Node: the folder of that package.
   */
  readonly weights?: WeightsSource;
  /** What finds faces. Default: `'ssd'` in Node, `'tiny'` elsewhere. */
  readonly detector?: DetectorName;
  /** How faces are cut out. Default: `'chip'`, as the network was trained; embeddings of the two kinds do not compare. */
  readonly alignment?: Alignment;
  /** Scores of the detector must exceed this, 0..1. Default: 0.5. */
  readonly minScore?: number;
  /**
   * Where the networks live. Default: an engine of their own, whose memory goes when the faces are dropped.
   */
  readonly engine?: Engine;
  /**
   * The most bytes of packed filters of the recognition network that stay in memory; beyond, they are made anew for each
   * face. Bits stay the same. 0 holds 22 MB and takes half as long again for a face; no limit holds 42 MB.
   * Default: no limit in Node, 8 MB elsewhere, so that wasm memory stays below 64 MB.
   */
  readonly memoryBudget?: number;
}

const EDGE_BUDGET = 8 * 2 ** 20;

const detectorNetworks: Readonly<Record<DetectorName, NetworkName>> = {
  ssd: 'ssd_mobilenetv1',
  tiny: 'tiny_face_detector',
};

/**
 * Loads what finds faces and what tells them apart: a detector, the 68 landmarks and dlib's face recognition network.
 * Each is planned when it is first needed.
 *
 * @throws InputError where there are no default weights (it says what to install or to pass), or an option is none;
 * WeightsError where the weights are incomplete, damaged or of other networks.
 *
 * @example
 * const faces = await loadFaces(); // Node, after npm install @vladmandic/face-api
 * const { same, distance } = await faces.verify('passport.jpg', 'selfie.jpg');
 *
 * @example
 * const faces = await loadFaces({ weights: 'https://example.org/faces.safetensors' }); // anywhere
 */
export async function loadFaces(options: LoadFacesOptions = {}): Promise<Faces> {
  const { detector = isNode() ? 'ssd' : 'tiny', alignment = 'chip', engine = new Engine(), minScore } = options;
  checkChoice('detector', detector, Object.keys(detectorNetworks));
  checkChoice('alignment', alignment, ['chip', 'face-api']);
  if (minScore !== undefined && !(minScore >= 0 && minScore <= 1))
    throw new InputError(`loadFaces: minScore must lie in 0..1, got ${minScore}`);
  const memoryBudget = options.memoryBudget ?? (isNode() ? undefined : EDGE_BUDGET);
  const names: readonly NetworkName[] = ['face_recognition', 'face_landmark_68', detectorNetworks[detector]];
  const weights = await loadParameters(options.weights ?? packageWeights('loadFaces'), {
    manifests: manifestsOf(names),
    engine,
  });
  return new Faces({
    finder: new FaceFinder(new FaceDetector(detector, weights, engine), new Network(landmarks68(), weights, engine)),
    recognition: new Network(faceRecognition(), weights, engine, memoryBudget),
    alignment,
    engine,
    ...(minScore !== undefined && { minScore }),
  });
}

function checkChoice(what: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new InputError(
      `loadFaces: ${what} must be ${allowed.map((name) => `'${name}'`).join(' or ')}, got ${JSON.stringify(value)}`,
    );
}
