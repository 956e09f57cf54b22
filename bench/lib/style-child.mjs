// Style transfer with VGG-19's shape in a process of its own: node style-child.mjs (ours | theirs) SIDE (descent | lbfgs | forward) COUNT
// Seeded weights and pictures; content conv4_2, style conv1_1 … conv5_1. Prints one line of JSON: CPU milliseconds of each
// iteration (value, gradient, update) or forward pass, J before each, peak memory in MB.
import { createRequire } from 'node:module';
import { library } from './library.mjs';
import { randomFloats } from './random.mjs';
import { loadTfjs } from './tfjs.mjs';

const [who, sideText, what, countText] = process.argv.slice(2);
const [side, count] = [Number(sideText), Number(countText)];
const CONTENT = 'conv4_2';
const STYLE = ['conv1_1', 'conv2_1', 'conv3_1', 'conv4_1', 'conv5_1'];
const [ALPHA, BETA, RATE] = [1e-4, 1, 5e4];
const [MEAN, DIVISOR] = [127.5, 60];

const { vgg19 } = await library('./models');
const { tensors } = vgg19({ to: 'conv5_1' });
/** Weights with which activations keep their size from layer to layer, made where they are wanted: nobody else holds them. */
function weightsOf(name, into) {
  const shape = tensors.get(name);
  const size = shape.reduce((a, b) => a * b);
  const scale = shape.length === 1 ? 0.01 : Math.sqrt(6 / (size / shape.at(-1)));
  const values = randomFloats(size, [...tensors.keys()].indexOf(name) + 1, into);
  for (let i = 0; i < size; i++) values[i] *= scale;
  return values;
}
const bytesOf = (seed) => {
  const rgb = randomFloats(side * side * 3, seed).map((v) => Math.round(127.5 + 100 * v));
  const data = new Uint8Array(side * side * 4).fill(255);
  for (let p = 0; p < side * side; p++) for (let c = 0; c < 3; c++) data[p * 4 + c] = rgb[p * 3 + c];
  return { data, width: side, height: side };
};
const pictures = { content: bytesOf(11), style: bytesOf(12), start: bytesOf(13) };

const { times, values } = await { ours, theirs }[who]();
// Node gives KiB.
const peakMB = (process.resourceUsage().maxRSS * 1024) / 1e6;
console.log(JSON.stringify({ times, values, peakMB }));

async function timed(times, run) {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000);
  return result;
}

async function ours() {
  const { Parameters, createEngine, gram, plan } = await library('./graph');
  const { ownFeatures } = await library('./models');
  const parameters = new Parameters(
    Array.from(tensors, ([name, shape]) => [name, { shape, read: (into) => weightsOf(name, into) }]),
  );
  const layers = [...STYLE.slice(0, 4), CONTENT, STYLE[4]];
  const { graph } = vgg19({ to: 'conv5_1' });
  const network = ownFeatures({ name: 'vgg19', graph, parameters, layers, mean: MEAN, divisor: DIVISOR });
  const engine = await createEngine();
  const times = [];
  if (what === 'forward') {
    const shown = network.graph({ height: side, width: side }, { to: layers });
    const grams = STYLE.map((layer) => {
      const attributes = { divisor: 'positions' };
      return shown.apply(gram, [shown.node(layer)], { name: `gram/${layer}`, attributes }).name;
    });
    const made = plan(shown, {
      engine,
      parameters: network.parameters,
      inputs: { image: [1, side, side, 3] },
      outputs: [CONTENT, ...grams],
    });
    const image = rgbOf(pictures.start);
    for (let i = 0; i < count; i++) await timed(times, () => made.run({ image }));
    return { times, values: [] };
  }
  const { stylize } = await library('./style');
  const { content, style, start } = pictures;
  const steps = stylize({
    ...{ content, style, network, engine, start: { image: start }, size: side, margin: 0, levels: 1, steps: count },
    ...{ normalization: 'gatys', contentLayers: [CONTENT], styleLayers: STYLE, pooling: 'max' },
    ...{ contentWeight: ALPHA, styleWeight: BETA, variationWeight: 0 },
    ...(what === 'lbfgs' ? { optimizer: 'lbfgs' } : { optimizer: 'descent', learningRate: RATE }),
  });
  const values = [];
  for (let i = 0; i < count; i++) {
    const { value } = await timed(times, () => steps.next());
    values.push(value.losses.total);
  }
  await steps.return();
  // The first holds the targets too.
  return { times: times.slice(1), values };
}

function rgbOf({ data }) {
  const rgb = new Float32Array(side * side * 3);
  for (let p = 0; p < side * side; p++) for (let c = 0; c < 3; c++) rgb[p * 3 + c] = data[p * 4 + c];
  return rgb;
}

async function theirs() {
  // Only the whole package registers gradients.
  const tf = await loadTfjs(createRequire(import.meta.url)('@tensorflow/tfjs'));
  const names = [...tensors.keys()].filter((name) => name.endsWith('/filters')).map((name) => name.slice(0, -8));
  const weights = names.map((name) => ({
    name,
    filters: tf.tensor4d(weightsOf(`${name}/filters`), tensors.get(`${name}/filters`)),
    bias: tf.tensor1d(weightsOf(`${name}/bias`)),
  }));
  const layersOf = (image) => {
    const layers = {};
    let x = tf.div(tf.sub(image, MEAN), DIVISOR);
    for (const { name, filters, bias } of weights) {
      // A pooling layer stands before the first convolution of each block but the first.
      if (name.endsWith('_1') && name !== 'conv1_1') x = tf.maxPool(x, 2, 2, 'valid');
      x = tf.relu(tf.add(tf.conv2d(x, filters, 1, 'same'), bias));
      layers[name] = x;
    }
    return layers;
  };
  const gram = (x) => {
    const [, h, w, c] = x.shape;
    const f = tf.reshape(x, [h * w, c]);
    return tf.div(tf.matMul(f, f, true), h * w);
  };
  const tensorOf = (picture) => tf.tensor4d(rgbOf(picture), [1, side, side, 3]);
  const targets = tf.tidy(() => {
    const style = layersOf(tensorOf(pictures.style));
    const content = layersOf(tensorOf(pictures.content))[CONTENT];
    return [content, ...STYLE.map((layer) => gram(style[layer]))];
  });
  const objective = (image) => {
    const layers = layersOf(image);
    const content = tf.mul(ALPHA / 2, tf.sum(tf.squaredDifference(layers[CONTENT], targets[0])));
    const style = STYLE.map((layer, i) => {
      const factor = BETA / STYLE.length / (4 * layers[layer].shape[3] ** 2);
      return tf.mul(factor, tf.sum(tf.squaredDifference(gram(layers[layer]), targets[i + 1])));
    });
    return style.reduce((sum, loss) => tf.add(sum, loss), content);
  };
  let image = tensorOf(pictures.start);
  const times = [];
  const values = [];
  for (let i = 0; i < count; i++) {
    if (what === 'forward') {
      await timed(times, () =>
        tf.tidy(() => {
          const layers = layersOf(image);
          layers[CONTENT].dataSync();
          for (const layer of STYLE) gram(layers[layer]).dataSync();
        }),
      );
      continue;
    }
    const [value, next] = await timed(times, () => {
      const [value, next] = tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad(objective)(image);
        return [value, tf.sub(image, tf.mul(RATE, grad))];
      });
      return [value.dataSync()[0], next];
    });
    image = next;
    values.push(value);
  }
  return { times, values };
}
