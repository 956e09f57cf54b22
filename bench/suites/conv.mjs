import { assertAgree } from '../lib/agree.mjs';
import { channelsFirst, channelsLast, filtersForOnnx } from '../lib/layout.mjs';
import { library } from '../lib/library.mjs';
import { interleave } from '../lib/measure.mjs';
import { convolutionModel, onnxRuntimeWeb } from '../lib/onnx.mjs';
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

/** Convolutions in a row where tensors stay in wasm memory between them: what is copied in and out hardly counts. */
const ROW = 4;

/** 3 × 3 convolutions, stride 1, padding 'same', as many channels out as in. */
export async function* run() {
  const tf = await loadTfjs();
  const onnxSession = await onnxRuntimeWeb();
  for (const [channels, side] of SHAPES) {
    const pixels = side * side;
    const input = randomFloats(pixels * channels, 1);
    const filters = randomFloats(9 * channels * channels, 2);
    const ours = await planConvolutions(1, channels, side, input, filters);
    const oursInRow = await planConvolutions(ROW, channels, side, input, filters);
    const onnx = await onnxConvolution(onnxSession, channels, side, input, filters);
    const x = tf.tensor4d(input, [1, side, side, channels]);
    const w = tf.tensor4d(filters, [3, 3, channels, channels]);

    const inRow = (count) => (count === 0 ? x : tf.conv2d(inRow(count - 1), w, 1, 'same'));
    const name = `${channels}→${channels}@${side}`;
    const expected = tf.tidy(() => inRow(1).dataSync());
    assertAgree(`conv ${name}`, ours(), expected, 1e-4);
    assertAgree(
      `${ROW} × conv ${name}`,
      oursInRow(),
      tf.tidy(() => inRow(ROW).dataSync()),
      1e-4,
    );
    assertAgree(`conv ${name} in onnxruntime`, channelsLast(await onnx(), channels, pixels), expected, 1e-4);

    const times = await interleave({
      oursInRow,
      tfjsInRow: () => tf.tidy(() => void inRow(ROW)),
      ours,
      onnx,
    });
    const rate = (ms) => `${((2 * 9 * channels ** 2 * pixels) / ms / 1e6).toFixed(0)} effective GFLOP/s`;
    yield {
      case: name,
      ours: times.oursInRow / ROW,
      peer: 'tfjs-wasm',
      theirs: times.tfjsInRow / ROW,
      note: `${rate(times.oursInRow / ROW)}; one of ${ROW} in a row, tensors stay in wasm memory on both sides`,
    };
    yield {
      case: name,
      ours: times.ours,
      peer: 'onnxruntime-web',
      theirs: times.onnx,
      note: `${rate(times.ours)}; arrays in and out on both sides`,
    };
    tf.dispose([x, w]);
  }
}

/** Convolutions in a row, each with the same filters: arrays in, arrays out. */
async function planConvolutions(count, channels, side, input, filters) {
  const { Graph, conv, createEngine, parametersOf, plan } = await library('./graph');
  const graph = new Graph();
  let last = graph.input('x');
  for (let i = 0; i < count; i++)
    last = graph.apply(conv, [last], { attributes: { padding: 'same' }, parameters: { filters: 'w' } });
  const made = plan(graph, {
    engine: await createEngine(),
    parameters: parametersOf({ w: { shape: [3, 3, channels, channels], values: filters } }),
    inputs: { x: [1, side, side, channels] },
  });
  const outputs = { [last.name]: new Float32Array(side * side * channels) };
  return () => made.run({ x: input }, outputs)[last.name];
}

async function onnxConvolution(onnxSession, channels, side, input, filters) {
  const sizes = [1, channels, side, side];
  const values = filtersForOnnx(filters, 9, channels, channels);
  const run = await onnxSession(convolutionModel(sizes, { sizes: [channels, channels, 3, 3], values }));
  const planes = channelsFirst(input, channels, side * side);
  return () => run(planes, sizes);
}
