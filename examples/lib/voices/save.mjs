import { bestThreshold, euclidean } from 'facsimile/metric';
import { writeSoundEncoder } from 'facsimile/models';
import { encoderOptions } from './train.mjs';

/** An encoder of voices as a file, with the threshold that decides most pairs of the held-out speakers rightly. */
export function encoderFile({ network, embeddings, tested }, recipe) {
  const pairs = embeddings.flatMap((a, i) =>
    embeddings
      .slice(i + 1)
      .map((b, k) => ({ distance: euclidean(a, b), same: tested[i].speaker === tested[i + 1 + k].speaker })),
  );
  const { threshold } = bestThreshold(pairs);
  const { parameters } = network;
  return writeSoundEncoder({ options: encoderOptions(recipe), input: recipe.input, parameters, threshold });
}
