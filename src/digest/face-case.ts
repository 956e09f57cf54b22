import { elementsOf, type Shape } from '../core/shape.ts';
import { type Parameter, Parameters } from '../graph/parameters.ts';
import { plan } from '../graph/plan.ts';
import { Photo } from '../image/photo.ts';
import { inputShape } from '../models/architecture.ts';
import { faceRecognition } from '../models/face-recognition.ts';
import type { Engine } from '../runtime/engine.ts';
import { noise, picture } from './noise.ts';

/** Values as large as a trained network's, so that activations neither vanish nor explode over 29 layers. */
function seededTensor(name: string, shape: Shape, seed: number): Parameter {
  const width = shape.length > 1 ? Math.sqrt(3 / elementsOf(shape.slice(0, -1))) : 0.1;
  const middle = name.endsWith('scale/weights') ? 1 : 0;
  return { shape, read: () => noise(shape, seed).map((value) => value * width + middle) };
}

/** From RGBA bytes to 128 numbers: a turned face cut out of a picture, through the whole recognition network. */
export function faceEmbedding(engine: Engine): Float32Array[] {
  const network = faceRecognition();
  const tensors = Array.from(network.tensors, ([name, shape], i) => [name, seededTensor(name, shape, i)] as const);
  const { input, outputs, graph } = network;
  const photo = new Photo(picture(210, 190), engine);
  const chip = photo.warp({ a: 0.9, b: 0.2, tx: 12.5, ty: 7.25 }, input);
  const planned = plan(graph, {
    engine,
    parameters: network.bind(new Parameters(tensors)),
    inputs: { [input.name]: inputShape(network) },
    outputs,
  });
  const { descriptor } = planned.run({ [input.name]: chip });
  planned.close();
  photo.close();
  return [chip, descriptor!];
}
