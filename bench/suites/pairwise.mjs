import { assertAgree } from '../lib/agree.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';
import { loadTfjs } from '../lib/tfjs.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

const SHAPES = [
  [128, 128, 128],
  [1024, 1024, 128],
  [256, 4096, 512],
];

/** Squared Euclidean distances of all rows to all rows: against the same identity in tfjs, and against plain loops. */
export async function* run() {
  const tf = await loadTfjs();
  const { Graph, createEngine, pairwiseDistance, parametersOf, plan } = await library('./graph');
  for (const [m, n, d] of SHAPES) {
    const [a, b] = [randomFloats(m * d, 1), randomFloats(n * d, 2)];
    const graph = new Graph();
    const nodes = [graph.input('a'), graph.input('b')];
    graph.apply(pairwiseDistance, nodes, { name: 'y', attributes: { metric: 'squaredEuclidean' } });
    const inputs = { a: [m, d], b: [n, d] };
    const made = plan(graph, { engine: await createEngine(), parameters: parametersOf({}), inputs });
    const y = new Float32Array(m * n);
    const ours = () => made.run({ a, b }, { y }).y;

    const [ta, tb] = [tf.tensor2d(a, [m, d]), tf.tensor2d(b, [n, d])];
    const squares = (x) => tf.sum(tf.square(x), 1);
    const theirs = () =>
      tf.tidy(() => {
        const products = tf.matMul(ta, tb, false, true);
        const sums = tf.add(tf.expandDims(squares(ta), 1), tf.expandDims(squares(tb), 0));
        return tf.relu(tf.sub(sums, tf.mul(products, 2)));
      });
    const name = `${m}×${n}×${d}`;
    assertAgree(
      name,
      ours(),
      tf.tidy(() => theirs().dataSync()),
      1e-4,
    );
    const out = new Float32Array(m * n);
    const contestants = { ours, tfjs: () => theirs().dispose(), loops: () => plainLoops(out, a, b, m, n, d) };
    const times = await interleave(contestants, { seconds: 4, least: 5 });
    yield { case: name, ours: times.ours, peer: 'tfjs-wasm', theirs: times.tfjs };
    yield { case: name, ours: times.ours, peer: 'js', theirs: times.loops };
    tf.dispose([ta, tb]);
  }
}

function plainLoops(out, a, b, m, n, d) {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        const difference = a[i * d + k] - b[j * d + k];
        sum += difference * difference;
      }
      out[i * n + j] = sum;
    }
  return out;
}
