import { weightsHash } from 'facsimile/io';
import { trainEmbedding, triplets } from 'facsimile/metric';
import { convEncoder } from 'facsimile/models';
import { adam, cosine, warmUp } from 'facsimile/optimize';
import { cubeDataset } from 'facsimile/volumes';

/** An encoder of cubes, trained with triplets of places in some volumes: { encoder, parameters, hash }. */
export async function trainEncoder(volumes, recipe, say) {
  const { seed, cube, objective } = recipe;
  const { places, views, classes, each, steps, learningRate, weightDecay } = recipe.train;
  const dataset = cubeDataset(volumes, { ...cube, places, views, seed });
  const encoder = convEncoder({ ...recipe.encoder, size: [cube.side, cube.side, cube.side] });
  const training = trainEmbedding(encoder.graph, dataset, {
    parameters: encoder.initialise(seed),
    shape: encoder.shape,
    objective: triplets(objective),
    batch: { classes: Math.min(classes, dataset.classes.length), each },
    optimizer: adam({
      learningRate: warmUp(cosine(learningRate, { steps, floor: learningRate / 100 }), Math.ceil(steps / 20)),
      weightDecay,
    }),
    steps,
    seed,
  });
  say(`${Object.keys(volumes).join(', ')}: ${dataset.classes.length} places to learn from`);
  for await (const { step, loss, positiveDistance, negativeDistance, secondsLeft } of training)
    if (step % 50 === 0)
      say(
        `step ${step} of ${steps}: loss ${loss.toFixed(4)}, distances ${positiveDistance.toFixed(2)} of one place, ${negativeDistance.toFixed(2)} of two, ${secondsLeft.toFixed(0)} s left`,
      );
  const { parameters } = training;
  training.close();
  return { encoder, parameters, hash: weightsHash(parameters) };
}
