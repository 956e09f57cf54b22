import { plan } from '../graph/plan.ts';
import { convEncoder } from '../models/conv-encoder.ts';
import type { Engine } from '../runtime/engine.ts';
import { cubeDataset } from '../volumes/cubes.ts';
import { sheppLogan } from '../volumes/phantom.ts';

const SIDE = 12;

/** From a phantom to an embedding: resampled, turned, shifted, with gain and noise, through a 3D encoder. */
export function volumeEmbedding(engine: Engine): Float32Array[] {
  const rescan = { rotate: 20, shift: 8, bias: 0.4, noise: 0.4 };
  const dataset = cubeDataset({ head: sheppLogan(24) }, { side: SIDE, spacing: 7, places: 1, views: 1, rescan });
  const { graph, shape, output, initialise } = convEncoder({
    size: [SIDE, SIDE, SIDE],
    filters: [4, 8],
    embedding: 32,
  });
  const cube = new Float32Array(SIDE * SIDE * SIDE);
  dataset.read(0, cube);
  const planned = plan(graph, { engine, parameters: initialise(1), inputs: { image: [1, ...shape] } });
  const embedding = planned.run({ image: cube })[output]!;
  planned.close();
  return [cube, embedding];
}
