import { assertAgree, assertSame } from '../lib/agree.mjs';
import { loadFaceApi, rgbTensor, samplePhoto, weightsFolder } from '../lib/face-api.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { openDetector, openNetwork } from '../lib/networks.mjs';
import { cropRgba } from '../lib/pixels.mjs';
import { raceProcesses } from '../lib/processes.mjs';

export const peers = ['@vladmandic/face-api', '@tensorflow/tfjs-backend-wasm'];

const PEER = 'face-api';
const NETWORKS = ['tinyFaceDetector', 'ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'];

/** Faces by their networks one by one, and whole: a decoded photo in, its faces' descriptors out. */
export async function* run() {
  const { readImage } = await library('./image');
  const photo = await readImage(samplePhoto);
  const theirs = await openFaceApi();
  yield* networks(photo, theirs);
  yield* detectors(photo, theirs);
  yield* pipelines(photo, theirs);
  yield* processes(photo);
}

/** face-api, and `withTensor(image, use)`: what `use` makes of an image in the form that face-api takes. */
async function openFaceApi() {
  const { tf, faceapi } = await loadFaceApi(NETWORKS);
  const withTensor = async (image, use) => {
    const tensor = rgbTensor(tf, image);
    const result = await use(tensor);
    tensor.dispose();
    return result;
  };
  const tiny = new faceapi.TinyFaceDetectorOptions({ inputSize: 416 });
  const ssd = new faceapi.SsdMobilenetv1Options();
  return { faceapi, withTensor, tiny, ssd };
}

async function race(name, ours, theirs, note) {
  const times = await interleave({ ours, theirs });
  return { case: name, ours: times.ours, peer: PEER, theirs: times.theirs, note };
}

async function* networks(photo, { faceapi, withTensor }) {
  const { decodeLandmarks } = await library('./models');
  const recognition = await openNetwork('face_recognition', weightsFolder);
  const chip = cropRgba(photo, 850, 500, 150, 150);
  const descriptor = () => recognition.run(chip).descriptor;
  const theirDescriptor = () => withTensor(chip, (tensor) => faceapi.computeFaceDescriptor(tensor));
  assertAgree('descriptor', descriptor(), await theirDescriptor(), 1e-3);
  yield race('descriptor', descriptor, theirDescriptor, '150×150 RGBA in, 128 numbers out');

  const { run } = await openNetwork('face_landmark_68', weightsFolder);
  const crop = cropRgba(photo, 850, 500, 112, 112);
  const points = () => decodeLandmarks(run(crop).landmarks, { x: 0, y: 0, width: crop.width, height: crop.height });
  const theirPoints = () => withTensor(crop, async (tensor) => (await faceapi.detectFaceLandmarks(tensor)).positions);
  const coordinates = (list) => list.flatMap(({ x, y }) => [x, y]);
  assertAgree('landmarks', coordinates(points()), coordinates(await theirPoints()), 1e-3);
  yield race('landmarks', points, theirPoints, '112×112 RGBA in, 68 points out');
}

async function* detectors(photo, { faceapi, withTensor, tiny, ssd }) {
  const cases = [
    ['detector', 'tiny_face_detector', (tensor) => faceapi.tinyFaceDetector(tensor, tiny)],
    ['detector ssd', 'ssd_mobilenetv1', (tensor) => faceapi.ssdMobilenetv1(tensor, ssd)],
  ];
  for (const [name, network, detect] of cases) {
    const ours = await openDetector(network, weightsFolder);
    const theirs = () => withTensor(photo, detect);
    const found = assertSame(`faces of ${network}`, ours(photo).length, (await theirs()).length);
    yield race(name, () => ours(photo), theirs, `${sizeOf(photo)} RGBA in, ${found} boxes out, ${network}`);
  }
}

async function* pipelines(photo, { faceapi, withTensor, tiny, ssd }) {
  const { loadFaces } = await library('./faces');
  const cases = [
    ['pipeline', 'tiny', tiny],
    ['pipeline ssd', 'ssd', ssd],
  ];
  for (const [name, detector, options] of cases) {
    const faces = await loadFaces({ detector, alignment: 'face-api', weights: weightsFolder });
    const ours = () => faces.embedAll(photo);
    const theirs = () =>
      withTensor(photo, (tensor) => faceapi.detectAllFaces(tensor, options).withFaceLandmarks().withFaceDescriptors());
    const found = assertSameFaces(`faces of the ${name}`, await ours(), await theirs());
    yield race(name, ours, theirs, `${sizeOf(photo)} RGBA in, descriptors of ${found} faces out, ${detector} detector`);
  }
}

/** Of two faces cut out alike; two photos of one person differ by 0.3 and more. */
const SAME_FACE = 0.1;

/** The number of faces. Throws unless each of ours has its descriptor among theirs. */
function assertSameFaces(what, ours, theirs) {
  const distance = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));
  for (const { embedding } of ours) {
    const nearest = Math.min(...theirs.map(({ descriptor }) => distance(embedding, descriptor)));
    if (!(nearest < SAME_FACE)) throw new Error(`${what}: a descriptor is ${nearest} from the nearest of face-api`);
  }
  return assertSame(what, ours.length, theirs.length);
}

async function* processes(photo) {
  const cold = raceProcesses(photo, { rounds: 5, runs: 1 });
  assertSame('faces in a cold process', cold.ours.faces, cold.theirs.faces);
  const coldNote = 'CPU time in a new process, from the first import to the descriptors of all faces of a photo';
  yield { case: 'cold start', ours: cold.ours.cpuMs, peer: PEER, theirs: cold.theirs.cpuMs, note: coldNote };

  const warm = raceProcesses(photo, { rounds: 3, runs: 3 });
  const { peakMB: ours } = warm.ours;
  const { peakMB: theirs } = warm.theirs;
  const warmNote = 'peak resident memory of a process that does so three times, Node and the photo included';
  yield { case: 'memory', ours, peer: PEER, theirs, unit: 'MB', note: warmNote };
}

const sizeOf = ({ width, height }) => `${width}×${height}`;
