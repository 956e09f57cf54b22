import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadTfjs } from './tfjs.mjs';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@vladmandic/face-api/package.json'));

/** The package's photo of 1920 × 1280 pixels with three faces, and the folder of its weights. */
export const samplePhoto = join(folder, 'demo', 'sample1.jpg');
export const weightsFolder = join(folder, 'model');

/** @vladmandic/face-api on tfjs-wasm with the networks by the names that it gives them, as its demo for Node runs it. */
export async function loadFaceApi(networks) {
  const tf = await loadTfjs(require('@tensorflow/tfjs'));
  const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  for (const network of networks) await faceapi.nets[network].loadFromDisk(weightsFolder);
  return { tf, faceapi };
}

/** RGBA bytes as the tensor that face-api takes, by the fastest of four ways tried (tf.browser.fromPixels: 7 × slower). */
export function rgbTensor(tf, { data, width, height }) {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from];
    rgb[to++] = data[from + 1];
    rgb[to++] = data[from + 2];
  }
  return tf.tensor3d(rgb, [height, width, 3], 'int32');
}
