import { FewShotClassifier, nWayKShot } from 'facsimile/metric';
import { mfccVectors } from './baseline.mjs';
import { embedClips, trainVoices } from './train.mjs';

const EPISODES = 1000;

/** One clip of each of the two; whose is another clip, whatever it says? Drawn episodes, the same for everyone who is asked. */
function askSpeakers(clips, vectors) {
  const { correct, trials } = nWayKShot(
    vectors,
    clips.map(({ speaker }) => speaker),
    { ways: 2, episodes: EPISODES, seed: 1 },
  );
  return { correct, trials };
}

/**
 * One clip of each of ten words by one of the two; which word is a clip of the other? All there are: every take of each speaker
 * is the one that is known, every clip of the other is asked about.
 */
function askDigits(clips, vectors) {
  let [correct, trials] = [0, 0];
  for (const known of new Set(clips.map(({ speaker }) => speaker)))
    for (const support of takes(clips, vectors, known)) {
      const classifier = new FewShotClassifier(support);
      for (const [i, { speaker, digit }] of clips.entries()) {
        if (speaker === known) continue;
        trials++;
        if (classifier.classify(vectors[i]).label === digit) correct++;
      }
    }
  return { correct, trials };
}

/** The first clip of each word of a speaker, the second of each, and so on while all ten have one. */
function takes(clips, vectors, known) {
  const byDigit = new Map();
  for (const [i, { speaker, digit }] of clips.entries())
    if (speaker === known) byDigit.set(digit, [...(byDigit.get(digit) ?? []), { label: digit, embedding: vectors[i] }]);
  const lists = [...byDigit.values()];
  const count = Math.min(...lists.map(({ length }) => length));
  return Array.from({ length: count }, (_, take) => lists.map((list) => list[take]));
}

const questions = { speakers: { ask: askSpeakers, ways: 2 }, digits: { ask: askDigits, ways: 10 } };

/** Trains on all speakers but two and asks about those: figures of the encoder and of every baseline. */
export async function playSplit(task, { clips, heard, held, recipe, engine }) {
  const isTested = ({ speaker }) => held.includes(speaker);
  const places = (wanted) => clips.map((_, i) => i).filter((i) => isTested(clips[i]) === wanted);
  const pick = (list, at) => at.map((i) => list[i]);
  const [training, testing] = [places(false), places(true)];
  const network = await trainVoices(pick(clips, training), pick(heard, training), recipe, engine);
  const tested = pick(clips, testing);
  const ask = (vectors) => questions[task].ask(tested, vectors);
  const embeddings = embedClips(network, pick(heard, testing), recipe, engine);
  const baselines = Object.entries(mfccVectors(clips, isTested)).map(([name, vectors]) => [
    name,
    ask(pick(vectors, testing)),
  ]);
  return { held, network, embeddings, tested, result: ask(embeddings), baselines: Object.fromEntries(baselines) };
}

const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);
const shareOf = (results) => sumOf(results.map(({ correct }) => correct)) / sumOf(results.map(({ trials }) => trials));

/** Figures over all splits. The baseline is the one of its kinds that did best on these very trials: no choice favours it more. */
export function summarise(task, splits) {
  const results = splits.map(({ result }) => result);
  const kinds = Object.keys(splits[0].baselines).map((name) => ({
    name,
    accuracy: shareOf(splits.map(({ baselines }) => baselines[name])),
  }));
  const best = kinds.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  return {
    accuracy: shareOf(results),
    trials: sumOf(results.map(({ trials }) => trials)),
    baseline: best.accuracy,
    chance: 1 / questions[task].ways,
    interval: intervalOf(results.map((result) => shareOf([result]))),
    baselineKind: best.name,
    splits: splits.map(({ held, result, baselines }) => ({
      held,
      accuracy: shareOf([result]),
      baseline: shareOf([baselines[best.name]]),
    })),
  };
}

/** Mean ± 1.96 standard errors over the splits, null of one. They share speakers, so it is a rough one. */
function intervalOf(values) {
  if (values.length < 2) return null;
  const mean = sumOf(values) / values.length;
  const variance = sumOf(values.map((value) => (value - mean) * (value - mean))) / (values.length - 1);
  const reach = 1.96 * Math.sqrt(variance / values.length);
  return { low: Math.max(0, mean - reach), high: Math.min(1, mean + reach) };
}
