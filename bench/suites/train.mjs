import { createRequire } from 'node:module';
import { library } from '../lib/library.mjs';
import { cpuMilliseconds, interleave, median } from '../lib/measure.mjs';
import { randomFloats } from '../lib/random.mjs';

export const peers = ['@tensorflow/tfjs'];

const BLOCKS = 4;
const FILTERS = 64;
const SIDE = 28;
const CLASSES = 64;
const BATCH = 128;
/** tfjs needs seconds an image: its step is taken on fewer, and counted for the batch. */
const THEIR_BATCH = 8;
const EPSILON = 1e-5;
const RATE = 1e-3;

/**
 * One training step (forward, backward, Adam) of an encoder of four blocks, 3 × 3 convolution → batch normalisation → ReLU →
 * max pool, with a classifier behind, against tfjs's cpu backend, the only one of JavaScript that trains without a GPU.
 */
export async function* run() {
  const values = initialValues();
  const theirs = await tfjsStep(values);
  const [small, large] = [await ourStep(values, THEIR_BATCH), await ourStep(values, BATCH)];
  const [a, b] = [small(), theirs()];
  if (!(Math.abs(a - b) < 1e-3 * b)) throw new Error(`train: the first losses differ, ${a} and ${b}`);

  const { large: ours, small: few } = await interleave({ large, small }, { least: 5, seconds: 10 });
  const times = [];
  for (let i = 0; i < 3; i++) times.push(await cpuMilliseconds(theirs));
  const theirMs = median(times);
  const rate = (batch, ms) => ((batch * 1000) / ms).toFixed(ms / batch > 10 ? 1 : 0);
  yield {
    case: `step, batch ${BATCH}`,
    ours,
    peer: 'tfjs-cpu',
    theirs: (theirMs * BATCH) / THEIR_BATCH,
    note: `${rate(BATCH, ours)} images/s; tfjs measured at batch ${THEIR_BATCH}: ${rate(THEIR_BATCH, theirMs)} images/s`,
  };
  yield {
    case: `step, batch ${THEIR_BATCH}`,
    ours: few,
    peer: 'tfjs-cpu',
    theirs: theirMs,
    note: `${rate(THEIR_BATCH, few)} images/s`,
  };
}

/** Names, shapes and values of all parameters. */
function initialValues() {
  const values = {};
  for (let i = 0; i < BLOCKS; i++) {
    const from = i === 0 ? 1 : FILTERS;
    const limit = Math.sqrt(6 / (9 * from));
    const filters = randomFloats(9 * from * FILTERS, i + 1).map((v) => v * limit);
    values[`filters${i}`] = { shape: [3, 3, from, FILTERS], values: filters };
    values[`scale${i}`] = { shape: [FILTERS], values: new Float32Array(FILTERS).fill(1) };
    values[`shift${i}`] = { shape: [FILTERS], values: new Float32Array(FILTERS) };
  }
  values.head = { shape: [FILTERS, CLASSES], values: randomFloats(FILTERS * CLASSES, 9).map((v) => v * 0.2) };
  return values;
}

const batchOf = (batch) => ({
  image: randomFloats(batch * SIDE * SIDE, 11),
  labels: Float32Array.from({ length: batch }, (_, i) => (i * 7) % CLASSES),
});

/** A step of ours; it gives the loss. */
async function ourStep(values, batch) {
  const {
    Graph,
    batchNorm,
    conv,
    createEngine,
    dense,
    flatten,
    maxPool,
    parametersOf,
    relu,
    softmaxCrossEntropy,
    trainingPlan,
  } = await library('./graph');
  const { adam } = await library('./optimize');
  const graph = new Graph();
  let x = graph.input('image');
  for (let i = 0; i < BLOCKS; i++) {
    x = graph.apply(conv, [x], { attributes: { padding: 'same' }, parameters: { filters: `filters${i}` } });
    x = graph.apply(batchNorm, [x], {
      attributes: { mode: 'train', epsilon: EPSILON },
      parameters: { scale: `scale${i}`, shift: `shift${i}` },
    });
    x = graph.apply(maxPool, [graph.apply(relu, [x])], { attributes: { size: 2, stride: 2 } });
  }
  const logits = graph.apply(dense, [graph.apply(flatten, [x])], { parameters: { filters: 'head' } });
  graph.apply(softmaxCrossEntropy, [logits, graph.input('labels')], { name: 'loss' });
  const training = trainingPlan(graph, {
    engine: await createEngine(),
    parameters: parametersOf(values),
    inputs: { image: [batch, SIDE, SIDE, 1], labels: [batch] },
    train: { loss: 'loss', optimizer: adam({ learningRate: RATE }) },
  });
  const inputs = batchOf(batch);
  return () => training.step(inputs).loss[0];
}

/** The same step in tfjs. */
async function tfjsStep(values) {
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  await tf.ready();
  const variables = Object.fromEntries(
    Object.entries(values).map(([name, { shape, values: v }]) => [name, tf.variable(tf.tensor(v, shape))]),
  );
  const { image, labels } = batchOf(THEIR_BATCH);
  const pictures = tf.tensor4d(image, [THEIR_BATCH, SIDE, SIDE, 1]);
  const wanted = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), CLASSES);
  const optimizer = tf.train.adam(RATE);
  const loss = () => {
    let x = pictures;
    for (let i = 0; i < BLOCKS; i++) {
      x = tf.conv2d(x, variables[`filters${i}`], 1, 'same');
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      x = tf.batchNorm(x, mean, variance, variables[`shift${i}`], variables[`scale${i}`], EPSILON);
      x = tf.maxPool(tf.relu(x), 2, 2, 'valid');
    }
    const logits = tf.matMul(x.reshape([THEIR_BATCH, FILTERS]), variables.head);
    return tf.losses.softmaxCrossEntropy(wanted, logits);
  };
  return () => {
    const value = optimizer.minimize(loss, true);
    const [number] = value.dataSync();
    value.dispose();
    return number;
  };
}
