import { assertAgree } from '../lib/agree.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';
import { loadTfjs } from '../lib/tfjs.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

/** Channels and sides of 3 × 3 convolutions whose gradient in the input is raced against tfjs. */
const INPUT_SHAPES = [
  [64, 112],
  [128, 56],
  [256, 56],
];
/** Channels in and out and sides of 3 × 3 convolutions over a batch of 32, whose filter gradient is held against forward. */
const FILTER_SHAPES = [
  [64, 64, 28],
  [32, 64, 28],
  [128, 128, 14],
];
const BATCH = 32;

/** Gradients of 3 × 3 convolutions, stride 1, padding 'same'. Ours is what a backward pass adds to a forward pass. */
export async function* run() {
  yield* inputGradients();
  yield* filterGradients();
}

async function* inputGradients() {
  const tf = await loadTfjs();
  for (const [channels, side] of INPUT_SHAPES) {
    const pixels = side * side;
    const gradient = randomFloats(pixels * channels, 1);
    const filters = randomFloats(9 * channels * channels, 2);
    const { forward, both } = await passes(1, channels, channels, side, filters, gradient, { nodes: ['x'] });
    const shape = [1, side, side, channels];
    const dy = tf.tensor4d(gradient, shape);
    const w = tf.tensor4d(filters, [3, 3, channels, channels]);
    const theirs = () => tf.conv2dTranspose(dy, w, shape, 1, 'same');
    const name = `input ${channels}→${channels}@${side}`;
    assertAgree(
      name,
      both().nodes.x,
      tf.tidy(() => theirs().dataSync()),
      1e-4,
    );
    const times = await interleave({ forward, both, tfjs: () => theirs().dispose() }, { least: 5 });
    yield result(name, times, 'tfjs-wasm', times.tfjs, 2 * 9 * channels ** 2 * pixels);
    tf.dispose([dy, w]);
  }
}

async function* filterGradients() {
  for (const [from, to, side] of FILTER_SHAPES) {
    const gradient = randomFloats(BATCH * side * side * to, 1);
    const filters = randomFloats(9 * from * to, 2);
    const { forward, both } = await passes(BATCH, from, to, side, filters, gradient, { parameters: ['w'] });
    const times = await interleave({ forward, both });
    const flops = 2 * 9 * from * to * BATCH * side * side;
    yield result(`weights ${from}→${to}@${side}`, times, 'forward', times.forward, flops);
  }
}

function result(name, times, peer, theirs, flops) {
  const ours = times.both - times.forward;
  const rate = (flops / ours / 1e6).toFixed(0);
  return { case: name, ours, peer, theirs, note: `${rate} effective GFLOP/s; forward and backward less forward` };
}

async function passes(batch, from, to, side, filters, gradient, gradients) {
  const { Graph, conv, createEngine, parametersOf, plan } = await library('./graph');
  const graph = new Graph();
  graph.apply(conv, [graph.input('x')], { name: 'y', attributes: { padding: 'same' }, parameters: { filters: 'w' } });
  const made = plan(graph, {
    engine: await createEngine(),
    parameters: parametersOf({ w: { shape: [3, 3, from, to], values: filters } }),
    inputs: { x: [batch, side, side, from] },
    gradients,
  });
  const x = randomFloats(batch * side * side * from, 3);
  const outputs = { y: new Float32Array(batch * side * side * to) };
  const into = { nodes: {}, parameters: {} };
  const forward = () => made.run({ x }, outputs);
  const both = () => {
    forward();
    return made.backward({ y: gradient }, { into });
  };
  return { forward, both };
}
