import { assertAgree } from '../lib/agree.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';
import { loadTfjs } from '../lib/tfjs.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

/** Channels and positions of VGG's style layers. */
const SHAPES = [
  [64, 50176],
  [128, 12544],
  [256, 3136],
  [512, 784],
];

/** Gram matrices over channels: against the best that tfjs offers, a product with a left side transposed beforehand, and
 * against the form that people write, A·Aᵀ. */
export async function* run() {
  const tf = await loadTfjs();
  const { Graph, createEngine, gram, parametersOf, plan } = await library('./graph');
  for (const [channels, positions] of SHAPES) {
    const features = randomFloats(positions * channels, 1);
    const graph = new Graph();
    graph.apply(gram, [graph.input('x')], { name: 'y' });
    const inputs = { x: [1, positions, channels] };
    const made = plan(graph, { engine: await createEngine(), parameters: parametersOf({}), inputs });
    const y = new Float32Array(channels * channels);
    const ours = () => made.run({ x: features }, { y }).y;

    const rows = tf.tensor2d(features, [positions, channels]);
    const columns = tf.tidy(() => tf.transpose(rows).clone());
    const best = () => tf.matMul(columns, rows);
    const usual = () => tf.matMul(columns, columns, false, true);
    const name = `${channels}×${positions}`;
    assertAgree(
      `gram ${name}`,
      ours(),
      tf.tidy(() => best().dataSync()),
      1e-3,
    );
    const times = await interleave({ ours, best: () => best().dispose(), usual: () => usual().dispose() });
    const rate = `${((2 * channels ** 2 * positions) / times.ours / 1e6).toFixed(0)} GFLOP/s of the whole matrix`;
    const row = { case: name, ours: times.ours };
    yield { ...row, peer: 'tfjs-wasm', theirs: times.best, note: `${rate}; tfjs: transposed beforehand` };
    yield { ...row, peer: 'tfjs-wasm A·Aᵀ', theirs: times.usual, note: rate };
    tf.dispose([rows, columns]);
  }
}
