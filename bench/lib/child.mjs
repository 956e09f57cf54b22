// A whole use in a process of its own: node child.mjs (ours | theirs) PHOTO WIDTH HEIGHT RUNS
// From nothing loaded to the descriptors of all faces of a decoded photo (raw RGBA in a file), RUNS times. Prints one
// line of JSON: CPU milliseconds from the first import, peak memory in MB, faces found.
import { readFileSync } from 'node:fs';

const [who, path, width, height, runs] = process.argv.slice(2);
const photo = { data: readFileSync(path), width: Number(width), height: Number(height) };
const before = process.cpuUsage();
const describe = await { ours: openFacsimile, theirs: openFaceApi }[who]();
let faces = 0;
for (let i = 0; i < Number(runs); i++) faces = await describe();
const { user, system } = process.cpuUsage(before);
const cpuMs = (user + system) / 1000;
// Node gives KiB.
const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6;
console.log(JSON.stringify({ cpuMs, peakMB, faces }));

async function openFacsimile() {
  const { library } = await import('./library.mjs');
  const { loadFaces } = await library('./faces');
  const faces = await loadFaces({ detector: 'tiny' });
  return async () => (await faces.embedAll(photo)).length;
}

async function openFaceApi() {
  const { loadFaceApi, rgbTensor } = await import('./face-api.mjs');
  const { tf, faceapi } = await loadFaceApi(['tinyFaceDetector', 'faceLandmark68Net', 'faceRecognitionNet']);
  const options = new faceapi.TinyFaceDetectorOptions({ inputSize: 416 });
  return async () => {
    const tensor = rgbTensor(tf, photo);
    const found = await faceapi.detectAllFaces(tensor, options).withFaceLandmarks().withFaceDescriptors();
    tensor.dispose();
    return found.length;
  };
}
