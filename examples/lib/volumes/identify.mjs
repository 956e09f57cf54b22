import { embedDataset, FewShotClassifier } from 'facsimile/metric';
import { cubeDataset } from 'facsimile/volumes';

/**
 * One-shot identification of places in scans that nothing was trained on: every place is enrolled by its first scan, every
 * other scan is given to the place that is nearest, among all of them, in embeddings and, to compare, in voxels.
 * @returns counts: trials, correct places, correct scans, correct by voxels; and how many places there were to choose from
 */
export function identify(volumes, { encoder, parameters }, { cube, test, seed }) {
  const dataset = cubeDataset(volumes, { ...cube, ...test, seed: seed + 1 });
  const { graph, output, shape } = encoder;
  const rows = 32;
  const embeddings = split(embedDataset(graph, dataset, { parameters, output, shape, rows }), dataset.size);
  const voxels = Array.from({ length: dataset.size }, (_, i) => {
    const values = new Float32Array(cube.side * cube.side * cube.side);
    dataset.read(i, values);
    return values;
  });
  const answers = play(dataset.classes, embeddings, 'euclidean');
  const byVoxels = play(dataset.classes, voxels, 'cosine');
  const count = (list, right) => list.filter(right).length;
  return {
    ways: dataset.classes.length,
    trials: answers.length,
    correct: count(answers, ({ own, answer }) => own === answer),
    sameScan: count(answers, ({ own, answer }) => scanOf(own) === scanOf(answer)),
    byVoxels: count(byVoxels, ({ own, answer }) => own === answer),
  };
}

const scanOf = (place) => place.slice(0, place.lastIndexOf('/'));

const split = (all, count) =>
  Array.from({ length: count }, (_, i) => all.subarray((i * all.length) / count, ((i + 1) * all.length) / count));

function play(classes, descriptors, distance) {
  const enrolled = classes.map(({ name, examples }) => ({ label: name, embedding: descriptors[examples[0]] }));
  const classifier = new FewShotClassifier(enrolled, { distance });
  return classes.flatMap(({ name, examples }) =>
    examples.slice(1).map((example) => ({ own: name, answer: classifier.classify(descriptors[example]).label })),
  );
}
