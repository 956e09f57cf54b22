import { assertAgree } from '../lib/agree.mjs';
import { channelsFirst, channelsLast, filtersForOnnx } from '../lib/layout.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { convolutionModel, onnxSession, onnxTensor } from '../lib/onnx.mjs';
import { randomFloats } from '../lib/random.mjs';
import { loadTfjs } from '../lib/tfjs.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm', 'onnxruntime-web'];

/** Channels and sides of VGG's convolutions. */
const SHAPES = [
  [64, 224],
  [128, 112],
  [256, 56],
  [512, 28],
];

/** 3 × 3 convolutions, stride 1, padding 'same', as many channels out as in. */
export async function* run() {
  const tf = await loadTfjs();
  for (const [channels, side] of SHAPES) {
    const pixels = side * side;
    const input = randomFloats(pixels * channels, 1);
    const filters = randomFloats(9 * channels * channels, 2);
    const ours = await planConvolution(channels, side, input, filters);
    const onnx = await onnxConvolution(channels, side, input, filters);
    const x = tf.tensor4d(input, [1, side, side, channels]);
    const w = tf.tensor4d(filters, [3, 3, channels, channels]);

    const expected = tf.tidy(() => tf.conv2d(x, w, 1, 'same').dataSync());
    const name = `${channels}→${channels}@${side}`;
    assertAgree(`conv ${name}`, ours.arrays(), expected, 1e-4);
    assertAgree(`conv ${name} in onnxruntime`, channelsLast(await onnx(), channels, pixels), expected, 1e-4);

    const times = await interleave({
      resident: ours.resident,
      tfjs: () => tf.conv2d(x, w, 1, 'same').dispose(),
      arrays: ours.arrays,
      onnx,
    });
    const rate = (ms) => `${((2 * 9 * channels ** 2 * pixels) / ms / 1e6).toFixed(0)} effective GFLOP/s`;
    yield {
      case: name,
      ours: times.resident,
      peer: 'tfjs-wasm',
      theirs: times.tfjs,
      note: `${rate(times.resident)}; tensors in wasm memory on both sides`,
    };
    yield {
      case: name,
      ours: times.arrays,
      peer: 'onnxruntime-web',
      theirs: times.onnx,
      note: `${rate(times.arrays)}; arrays in and out on both sides`,
    };
    tf.dispose([x, w]);
  }
}

async function planConvolution(channels, side, input, filters) {
  const { Graph, conv, createEngine, parametersOf, plan } = await library('./graph');
  const graph = new Graph();
  graph.apply(conv, [graph.input('x')], {
    name: 'y',
    attributes: { padding: 'same' },
    parameters: { filters: 'w' },
  });
  const made = plan(graph, {
    engine: createEngine(),
    parameters: parametersOf({ w: { shape: [3, 3, channels, channels], values: filters } }),
    inputs: { x: [1, side, side, channels] },
  });
  const inputs = { x: input };
  const outputs = { y: new Float32Array(side * side * channels) };
  const arrays = () => made.run(inputs, outputs).y;
  const [{ node, site, at }] = made.steps;
  arrays();
  const { kernels, memory } = made.engine;
  return { arrays, resident: () => node.op.forward(kernels, site, at, memory) };
}

async function onnxConvolution(channels, side, input, filters) {
  const sizes = [1, channels, side, side];
  const values = filtersForOnnx(filters, 9, channels, channels);
  const session = await onnxSession(convolutionModel(sizes, { sizes: [channels, channels, 3, 3], values }));
  const planes = channelsFirst(input, channels, side * side);
  return async () => (await session.run({ x: onnxTensor(planes, sizes) })).y.data;
}
