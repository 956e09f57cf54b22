import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Shape } from '../../core/shape.ts';
import type { Graph } from '../../graph/graph.ts';
import { type Parameters, shapesOnly } from '../../graph/parameters.ts';
import type { Architecture } from '../../models/architecture.ts';
import { readEncoder } from '../../models/encoder-file.ts';
import { faceRecognition } from '../../models/face-recognition.ts';
import { alexnetV2 } from '../../models/slim/alexnet-v2.ts';
import { resnetV150 } from '../../models/slim/resnet-v1-50.ts';
import { vgg16 } from '../../models/slim/vgg-16.ts';
import { squeezenet } from '../../models/squeezenet.ts';
import { vgg19 } from '../../models/vgg19.ts';
import { inPhoto } from '../failure.ts';
import { unknownModel } from './inspected-model.ts';

/** A network whose weights nobody needs: its graph and the shapes of its tensors. */
export interface KnownGraph {
  readonly graph: Graph;
  readonly parameters: Parameters;
  readonly input: string;
  /** Shape of its input. */
  readonly shape: Shape;
}

const plain = ({ graph, tensors, bind, input }: Architecture, side = input.size): KnownGraph => ({
  graph,
  parameters: bind(shapesOnly(tensors)),
  input: input.name,
  shape: [1, side, side, 3],
});

const square = (side: number | undefined) => (side === undefined ? undefined : { height: side, width: side });

/** Networks by their names, for square pictures of a side. */
const graphs: Readonly<Record<string, (side?: number) => KnownGraph>> = {
  vgg_16: (side) => plain(vgg16(), side),
  alexnet_v2: (side) => plain(alexnetV2(), side),
  resnet_v1_50: (side) => plain(resnetV150(), side),
  faces: (side) => plain(faceRecognition(square(side)), side),
  squeezenet: (side) => plain(squeezenet(square(side)), side),
  vgg19: (side = 224) => {
    const { graph, tensors } = vgg19();
    return { graph, parameters: shapesOnly(tensors), input: 'image', shape: [1, side, side, 3] };
  },
};

export const graphNames = Object.keys(graphs);

/** The graph of MODEL: one by its name, or a trained encoder by its file. @throws InputError that says what it may be */
export async function knownGraph(model: string, side?: number): Promise<KnownGraph> {
  if (Object.hasOwn(graphs, model)) return graphs[model]!(side);
  if (!existsSync(model)) throw unknownModel(model, graphNames);
  const { encoder, parameters } = await inPhoto(model, readFile(model).then(readEncoder));
  const [channels, sizes] = [encoder.shape.at(-1)!, encoder.shape.slice(0, -1)];
  const shape = [1, ...(side === undefined ? sizes : sizes.map(() => side)), channels];
  return { graph: encoder.graph, parameters, input: encoder.input, shape };
}
