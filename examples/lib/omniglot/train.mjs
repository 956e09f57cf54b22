import { weightsHash } from 'facsimile/io';
import { episodes, trainEmbedding } from 'facsimile/metric';
import { convEncoder } from 'facsimile/models';
import { adam, cosine, warmUp } from 'facsimile/optimize';

const REPORT_MS = 5000;

/** An encoder trained by a recipe: { encoder, parameters, hash }. */
export async function trainEncoder(dataset, recipe, engine, say) {
  const { seed, steps, classes, each, temperature, learningRate, weightDecay, augment } = recipe;
  const encoder = convEncoder(recipe.encoder);
  const training = trainEmbedding(encoder.graph, dataset, {
    parameters: encoder.initialise(seed),
    shape: encoder.shape,
    objective: episodes({ temperature }),
    batch: { classes, each },
    optimizer: adam({
      learningRate: warmUp(cosine(learningRate, { steps, floor: learningRate / 100 }), Math.ceil(steps / 50)),
      weightDecay,
    }),
    steps,
    seed,
    augment,
    engine,
  });
  let reported = performance.now();
  for await (const { step, loss, accuracy, imagesPerSecond, secondsLeft } of training) {
    if (performance.now() - reported < REPORT_MS && step < steps) continue;
    reported = performance.now();
    say(
      `step ${step} of ${steps}: loss ${loss.toFixed(3)}, ${(accuracy * 100).toFixed(0)} % of the batch right, ${imagesPerSecond.toFixed(0)} images/s, ${(secondsLeft / 60).toFixed(1)} min left`,
    );
  }
  const { parameters } = training;
  training.close();
  return { encoder, parameters, hash: weightsHash(parameters) };
}
