import { beforeAll, describe, expect, it } from 'vitest';
import { faceRecognition } from '../../src/models/face-recognition.ts';
import { hasData } from '../data.ts';
import {
  euclidean,
  type LayerStatistics,
  layerError,
  openAsPeer,
  openNetwork,
  openPhoto,
  peer,
  readJson,
} from './peer.ts';

/** Both compute in float32, in other orders and with other convolution algorithms. */
const LAYER = 5e-6;
const DESCRIPTOR = 1e-5;
/** The published descriptors come from weights before quantisation: the peer's own differ by 0.042 at most. */
const PUBLISHED = 0.05;

const layersOf = (name: string): [string, LayerStatistics][] =>
  Object.entries<LayerStatistics>(peer.nets[`faceRecognition:${name}`]).filter(
    ([layer, value]) => value.first8 && layer !== 'input' && layer !== 'normalized',
  );

describe.skipIf(!hasData)('face recognition against @vladmandic/face-api', () => {
  let network: Awaited<ReturnType<typeof openNetwork>>;
  beforeAll(async () => {
    network = await openNetwork(faceRecognition());
  });

  async function describeFace(name: string): Promise<Float32Array> {
    const photo = await openPhoto(`reference-inputs/${name}`);
    const { descriptor } = network.run(photo);
    photo.close();
    return descriptor!;
  }

  it.each(['face1.png', 'face2.png'])('gives every layer of %s', async (name) => {
    const layers = layersOf(name);
    expect(layers.length).toBe(17);
    const tapped = await openNetwork(faceRecognition(), { outputs: layers.map(([layer]) => layer) });
    const outputs = tapped.run(await openPhoto(`reference-inputs/${name}`));
    for (const [layer, reference] of layers) {
      expect(tapped.plan.outputs.get(layer), layer).toEqual(reference.shape);
      expect(layerError(outputs[layer]!, reference), layer).toBeLessThan(LAYER);
    }
  });

  it.each([
    ['face1.png', 'faceDescriptor1.json'],
    ['face2.png', 'faceDescriptor2.json'],
    ['face_rectangular.png', 'faceDescriptorRect.json'],
  ])('describes %s', async (name, published) => {
    const descriptor = await describeFace(name);
    expect(euclidean(descriptor, peer.nets[`faceRecognition:${name}`].descriptor)).toBeLessThan(DESCRIPTOR);
    expect(euclidean(descriptor, readJson(`refs/faceapi-published/${published}`))).toBeLessThan(PUBLISHED);
  });

  it('tells two faces apart by the distance that was published', async () => {
    const distance = euclidean(await describeFace('face1.png'), await describeFace('face2.png'));
    expect(distance).toBeCloseTo(peer.publishedVsPeer.dist12_published, 4);
  });

  it("describes faces of LFW as the peer does, cut out by the peer's squares", async () => {
    const references = Object.entries<{ dlibAlign: [number, number, number, number]; descriptor: number[] } | null>(
      readJson('refs/faceapi_peer_lfw250_tiny416.json'),
    ).filter(([, face]) => face);
    expect(references.length).toBe(86);
    const distances: number[] = [];
    for (const [name, face] of references) {
      const photo = openAsPeer(`lfw250/${name}`);
      const [x, y, width, height] = face!.dlibAlign;
      const { descriptor } = network.run(photo, { x, y, width, height });
      distances.push(euclidean(descriptor!, face!.descriptor));
      photo.close();
    }
    expect(Math.max(...distances)).toBeLessThan(0.005);
  });
});
