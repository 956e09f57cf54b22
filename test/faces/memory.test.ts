import sharp from 'sharp';
import { expect, it } from 'vitest';
import { loadFaces } from '../../src/faces/load.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { bundleNetworks } from '../../src/models/bundle.ts';
import { manifestsOf } from '../../src/models/catalogue.ts';
import { Engine } from '../../src/runtime/engine.ts';
import { faceApiPath } from '../data.ts';

it('takes less than 64 MB of wasm memory for streamed networks and a photo of 12 megapixels', async () => {
  const names = ['face_recognition', 'face_landmark_68', 'tiny_face_detector'] as const;
  const parameters = await loadParameters(faceApiPath('model'), { manifests: manifestsOf(names) });
  const weights = new Response(Uint8Array.from(bundleNetworks(parameters, names)));
  const engine = new Engine();
  // What hosts other than Node have by default.
  const faces = await loadFaces({ weights, detector: 'tiny', memoryBudget: 8 * 2 ** 20, engine });
  expect(engine.memory.bytes).toBeGreaterThan(6e6);
  const photo = await sharp(faceApiPath('demo/sample1.jpg')).resize(4032, 3024, { fit: 'cover' }).jpeg().toBuffer();
  const { face } = await faces.embed(photo, { face: 'largest' });
  expect(face.box.width).toBeGreaterThan(100);
  expect(engine.memory.bytes).toBeLessThan(64 * 2 ** 20);
});
