import { assertAgree } from '../lib/agree.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';

export const peers = [];

const DIMENSION = 128;
const EACH = 4;
const MARGIN = 0.2;

/** Batch-hard triplet loss and its gradient in the embeddings, P people × 4: against plain typed-array loops. */
export async function* run() {
  const { Graph, createEngine, parametersOf, plan, tripletLoss } = await library('./graph');
  for (const rows of [64, 128, 512]) {
    const embeddings = randomFloats(rows * DIMENSION, 1);
    const labels = Float32Array.from({ length: rows }, (_, i) => Math.floor(i / EACH));
    const graph = new Graph();
    const attributes = { mining: 'hard', margin: MARGIN, distance: 'squaredEuclidean', reduction: 'sum' };
    graph.apply(tripletLoss, [graph.input('x'), graph.input('labels')], { name: 'loss', attributes });
    const made = plan(graph, {
      engine: await createEngine(),
      parameters: parametersOf({}),
      inputs: { x: [rows, DIMENSION], labels: [rows] },
      gradients: { nodes: ['x'] },
    });
    const seed = new Float32Array(made.outputs.get('loss')[0]);
    seed[0] = 1;
    const into = { nodes: { x: new Float32Array(embeddings.length) }, parameters: {} };
    const ours = () => {
      made.run({ x: embeddings, labels });
      return made.backward({ loss: seed }, { into }).nodes.x;
    };
    const theirs = () => plainLoops(embeddings, labels, rows);
    assertAgree(`triplet ${rows}`, ours(), theirs(), 1e-3);
    const times = await interleave({ ours, theirs }, { seconds: 3 });
    yield {
      case: `hard, ${rows}×${DIMENSION}`,
      ours: times.ours,
      peer: 'js',
      theirs: times.theirs,
      note: 'loss and gradient',
    };
  }
}

/** Gradient of Σ max(max d(a,p) − min d(a,n) + margin, 0), squared Euclidean. */
function plainLoops(x, labels, rows) {
  const gradient = new Float32Array(x.length);
  const squared = (i, j) => {
    let sum = 0;
    for (let k = 0; k < DIMENSION; k++) sum += (x[i * DIMENSION + k] - x[j * DIMENSION + k]) ** 2;
    return sum;
  };
  for (let a = 0; a < rows; a++) {
    let [positive, negative, far, near] = [-1, -1, -Infinity, Infinity];
    for (let j = 0; j < rows; j++) {
      if (j === a) continue;
      const distance = squared(a, j);
      if (labels[j] === labels[a] && distance > far) [positive, far] = [j, distance];
      if (labels[j] !== labels[a] && distance < near) [negative, near] = [j, distance];
    }
    if (positive < 0 || negative < 0 || far - near + MARGIN <= 0) continue;
    for (let k = 0; k < DIMENSION; k++) {
      const [va, vp, vn] = [a, positive, negative].map((row) => x[row * DIMENSION + k]);
      gradient[a * DIMENSION + k] += 2 * (vn - vp);
      gradient[positive * DIMENSION + k] -= 2 * (va - vp);
      gradient[negative * DIMENSION + k] += 2 * (va - vn);
    }
  }
  return gradient;
}
