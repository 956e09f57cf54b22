import { assertAgree } from '../lib/agree.mjs';
import { channelsFirst, channelsLast, filtersForOnnx } from '../lib/layout.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { conv3x3, onnxModel, onnxRuntimeNode, onnxRuntimeWeb } from '../lib/onnx.mjs';
import { randomFloats } from '../lib/random.mjs';
import { loadTfjs } from '../lib/tfjs.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm', 'onnxruntime-web', 'onnxruntime-node'];

const SIDE = 256;
const LAST = 'conv5_1';

/** Side of the picture on which every layer is compared, and how far they may be apart: of the layer's largest value. */
const CHECKED_SIDE = 64;
const TOLERANCE = 1e-4;

/** VGG-19 to conv5_1 at 256² with seeded weights: one whole forward pass. */
export async function* run() {
  const tf = await loadTfjs();
  const { vgg19, vgg19Features } = await library('./models');
  const { createEngine, parametersOf, plan } = await library('./graph');
  const { graph, tensors } = vgg19({ to: LAST });
  const weights = new Map(Array.from(tensors, ([name, shape], i) => [name, { shape, values: seeded(shape, i + 1) }]));
  const image = randomFloats(SIDE * SIDE * 3, 99);
  const made = plan(graph, {
    engine: await createEngine(),
    parameters: parametersOf(Object.fromEntries(weights)),
    inputs: { image: [1, SIDE, SIDE, 3] },
  });
  const y = new Float32Array(made.outputs.get(LAST).reduce((a, b) => a * b));
  const ours = () => made.run({ image }, { [LAST]: y })[LAST];
  console.error(made.describe().split('\n').at(-1));

  const names = [...tensors.keys()].filter((name) => name.endsWith('/filters')).map((name) => name.slice(0, -8));
  const tfjs = inTfjs(tf, names, weights, image);
  const runtimes = { web: await onnxRuntimeWeb(), native: await onnxRuntimeNode() };
  const network = vgg19Features(parametersOf(Object.fromEntries(weights)), 'caffe');
  for (const [name, runtime] of Object.entries(runtimes))
    await checkLayers(name, runtime, { plan, createEngine, network, weights, names });
  const model = onnxNetwork(names, weights, SIDE, [LAST]);
  const planes = channelsFirst(image, 3, SIDE * SIDE);
  const sizes = [1, 3, SIDE, SIDE];
  const [web, native] = [await runtimes.web(model), await runtimes.native(model)];
  const expected = ours().slice();
  const pixels = (SIDE / 16) ** 2;
  assertAgree(
    'vgg19 in tfjs',
    tf.tidy(() => tfjs().dataSync()),
    expected,
    1e-3,
  );
  assertAgree('vgg19 in onnxruntime-web', channelsLast(await web(planes, sizes), 512, pixels), expected, 1e-3);
  assertAgree('vgg19 in onnxruntime-node', channelsLast(await native(planes, sizes), 512, pixels), expected, 1e-3);

  const contestants = {
    ours,
    tfjs: () => tf.tidy(() => void tfjs()),
    web: () => web(planes, sizes),
    native: () => native(planes, sizes),
  };
  const times = await interleave(contestants, { seconds: 20, least: 3 });
  const row = { case: 'vgg19 256²', ours: times.ours };
  yield { ...row, peer: 'tfjs-wasm', theirs: times.tfjs };
  yield { ...row, peer: 'onnxruntime-web', theirs: times.web };
  yield { ...row, peer: 'onnxruntime-node', theirs: times.native, note: 'native code, one thread' };
}

/** Weights with which activations keep their size from layer to layer. */
function seeded(shape, seed) {
  const size = shape.reduce((a, b) => a * b);
  const scale = shape.length === 1 ? 0.01 : Math.sqrt(6 / (size / shape.at(-1)));
  return randomFloats(size, seed).map((value) => value * scale);
}

/** A pooling layer stands before the first convolution of each block but the first. */
const startsBlock = (name) => name.endsWith('_1') && name !== 'conv1_1';

function inTfjs(tf, names, weights, image) {
  const input = tf.tensor4d(image, [1, SIDE, SIDE, 3]);
  const layers = names.map((name) => ({
    name,
    filters: tf.tensor4d(weights.get(`${name}/filters`).values, weights.get(`${name}/filters`).shape),
    bias: tf.tensor1d(weights.get(`${name}/bias`).values),
  }));
  return () =>
    layers.reduce((x, { name, filters: filter, bias }) => {
      const from = startsBlock(name) ? tf.maxPool(x, 2, 2, 'valid') : x;
      return tf.fused.conv2d({ x: from, filter, strides: 1, pad: 'same', bias, activation: 'relu' });
    }, input);
}

/** Throws where a layer of the feature network, on pixels of 0 … 255, differs from onnxruntime's on the same weights. */
async function checkLayers(runtime, session, { plan, createEngine, network, weights, names }) {
  const pixels = CHECKED_SIDE ** 2;
  const image = randomFloats(pixels * 3, 7).map((value) => 127.5 * (value + 1));
  const ours = plan(network.graph({ height: CHECKED_SIDE, width: CHECKED_SIDE }, { to: names }), {
    engine: await createEngine(),
    parameters: network.parameters,
    inputs: { image: [1, CHECKED_SIDE, CHECKED_SIDE, 3] },
    outputs: names,
  }).run({ image });
  const means = [123.68, 116.779, 103.939];
  const planes = channelsFirst(
    image.map((value, i) => value - means[i % 3]),
    3,
    pixels,
  );
  const { all } = await session(onnxNetwork(names, weights, CHECKED_SIDE, names));
  const theirs = await all(planes, [1, 3, CHECKED_SIDE, CHECKED_SIDE]);
  for (const name of names) {
    const channels = weights.get(`${name}/bias`).shape[0];
    const expected = channelsLast(theirs[name], channels, theirs[name].length / channels);
    assertAgree(`vgg19 ${name} in onnxruntime-${runtime}`, ours[name], expected, TOLERANCE);
  }
  console.error(
    `vgg19: ${names.length} layers agree with onnxruntime-${runtime} within ${TOLERANCE} of their largest value`,
  );
}

function onnxNetwork(names, weights, side, wanted) {
  const nodes = [];
  const tensors = [];
  let last = 'image';
  for (const name of names) {
    if (startsBlock(name)) {
      const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
      nodes.push({ op: 'MaxPool', inputs: [last], output: `${name}/pool`, attributes });
      last = `${name}/pool`;
    }
    const { shape, values } = weights.get(`${name}/filters`);
    const [, , c, n] = shape;
    tensors.push({ name: `${name}/filters`, sizes: [n, c, 3, 3], values: filtersForOnnx(values, 9, c, n) });
    tensors.push({ name: `${name}/bias`, sizes: [n], values: weights.get(`${name}/bias`).values });
    nodes.push(conv3x3(last, `${name}/filters`, `${name}/linear`, `${name}/bias`));
    nodes.push({ op: 'Relu', inputs: [`${name}/linear`], output: name });
    last = name;
  }
  const input = { name: 'image', sizes: [1, 3, side, side] };
  const outputs = wanted.map((name) => {
    const size = side / 2 ** (Number(name[4]) - 1);
    return { name, sizes: [1, weights.get(`${name}/bias`).shape[0], size, size] };
  });
  return onnxModel({ nodes, tensors, input, outputs });
}
