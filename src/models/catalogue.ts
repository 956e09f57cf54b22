import type { Architecture } from './architecture.ts';
import { faceRecognition } from './face-recognition.ts';
import { landmarks68 } from './landmarks68.ts';
import { ssdMobilenet } from './ssd-mobilenet.ts';
import { tinyFaceDetector } from './tiny-face-detector.ts';

export type NetworkName =
  | 'face_recognition'
  | 'face_landmark_68'
  | 'face_landmark_68_tiny'
  | 'tiny_face_detector'
  | 'ssd_mobilenetv1';

/** A network that the library knows, and where its published weights are. */
export interface CatalogueEntry {
  readonly name: NetworkName;
  readonly task: 'embedding' | 'landmarks' | 'detection';
  readonly title: string;
  build(): Architecture;
  /** The tfjs manifest in the folder of `weightsPackage`; its binary file lies beside it. */
  readonly manifest: string;
  /** Bytes of the binary file. */
  readonly bytes: number;
  /** Numbers of its tensors together. */
  readonly parameters: number;
  readonly licence: string;
  readonly source: string;
}

/** The npm package that holds the weights, and the folder in it. Only its files are read, never its code. */
export const weightsPackage = { name: '@vladmandic/face-api', folder: 'model', licence: 'MIT' } as const;

const PACKAGE_LICENCE = 'MIT (@vladmandic/face-api, from face-api.js)';
const entry = (
  name: NetworkName,
  build: () => Architecture,
  rest: Omit<CatalogueEntry, 'name' | 'build' | 'manifest'>,
): CatalogueEntry => ({ name, build, manifest: `${name}_model-weights_manifest.json`, ...rest });

/** Every network, by the name that is also the prefix of its tensors where a file holds several. */
export const catalogue: Readonly<Record<NetworkName, CatalogueEntry>> = {
  face_recognition: entry('face_recognition', faceRecognition, {
    task: 'embedding',
    title: 'dlib face recognition ResNet, 128 numbers a face',
    bytes: 6_444_032,
    parameters: 5_614_592,
    licence: 'public domain (Davis King); converted files: MIT',
    source: 'https://github.com/davisking/dlib-models',
  }),
  face_landmark_68: entry('face_landmark_68', () => landmarks68('full'), {
    task: 'landmarks',
    title: '68 landmarks of a face',
    bytes: 356_840,
    parameters: 356_840,
    licence: PACKAGE_LICENCE,
    source: 'https://github.com/justadudewhohacks/face-api.js',
  }),
  face_landmark_68_tiny: entry('face_landmark_68_tiny', () => landmarks68('tiny'), {
    task: 'landmarks',
    title: '68 landmarks of a face, smaller and less exact',
    bytes: 77_224,
    parameters: 77_224,
    licence: PACKAGE_LICENCE,
    source: 'https://github.com/justadudewhohacks/face-api.js',
  }),
  tiny_face_detector: entry('tiny_face_detector', tinyFaceDetector, {
    task: 'detection',
    title: 'Tiny face detector after Tiny YOLO v2',
    bytes: 193_321,
    parameters: 193_321,
    licence: PACKAGE_LICENCE,
    source: 'https://github.com/justadudewhohacks/face-api.js',
  }),
  ssd_mobilenetv1: entry('ssd_mobilenetv1', ssdMobilenet, {
    task: 'detection',
    title: 'SSD face detector on MobileNet v1, trained on WIDER FACE',
    bytes: 5_616_957,
    parameters: 5_555_519,
    licence: PACKAGE_LICENCE,
    source: 'https://github.com/yeephycho/tensorflow-face-detection',
  }),
};

/** The `manifests` of `loadParameters` for some networks. */
export const manifestsOf = (names: readonly NetworkName[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, catalogue[name].manifest]));
