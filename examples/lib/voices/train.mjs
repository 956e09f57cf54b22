import { embedSounds, soundDataset, trainEmbedding, triplets } from 'facsimile/metric';
import { convEncoder } from 'facsimile/models';
import { adam, cosine, warmUp } from 'facsimile/optimize';

export const encoderOptions = ({ input, encoder }) => ({ size: [input.frames], channels: input.bands, ...encoder });

/** Trains an encoder on some clips with triplets, by a recipe: { encoder, parameters }. */
export async function trainVoices(clips, heard, recipe, engine) {
  const { input, variation, classOf, batch, mining, learningRate, steps, seed } = recipe;
  const examples = clips.flatMap((clip, i) =>
    heard[i].map((features, version) => ({ class: classOf(clip, version), features })),
  );
  const encoder = convEncoder(encoderOptions(recipe));
  const training = trainEmbedding(encoder.graph, soundDataset(examples, { ...input, variation }), {
    parameters: encoder.initialise(seed),
    objective: triplets(mining),
    batch,
    optimizer: adam({
      learningRate: warmUp(cosine(learningRate, { steps, floor: learningRate / 100 }), Math.ceil(steps / 12)),
      weightDecay: 1e-2,
    }),
    steps,
    seed,
    augment: 'own',
    engine,
  });
  for await (const step of training) if (step.collapsed) throw new Error('all embeddings have become one');
  const { parameters } = training;
  training.close();
  return { encoder, parameters };
}

/** Embeddings of clips as they were recorded. */
export const embedClips = ({ encoder, parameters }, heard, { input }, engine) =>
  embedSounds(
    encoder.graph,
    heard.map(([recorded]) => recorded),
    { parameters, output: encoder.output, frames: input.frames, fit: input.fit, engine },
  );
