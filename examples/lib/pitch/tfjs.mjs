import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';

/** The same graph on tfjs's wasm backend, one thread: windows [N, 1024] → activations. */
export async function tfjsNetwork({ graph, parameters }) {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const weights = new Map(
    parameters.names.map((name) => [name, tf.tensor(parameters.read(name), parameters.get(name).shape)]),
  );
  const steps = graph.nodes.filter(({ op }) => op);
  return (values, rows) =>
    tf.tidy(() => {
      const results = new Map();
      const input = graph.nodes.find(({ op }) => !op).name;
      results.set(input, tf.tensor(values, [rows, values.length / rows, 1, 1]));
      for (const step of steps) results.set(step.name, apply(step, results.get(step.inputs[0].name), weights));
      return results.get(steps.at(-1).name).dataSync();
    });
}

const wide = (value) => [[value].flat()[0], 1];

/** One node: sequences are pictures of one column. */
function apply({ op, attributes = {}, parameters = {} }, x, weights) {
  const of = (role) => weights.get(parameters[role]);
  switch (op.name) {
    case 'conv': {
      const [width, from, to] = of('filters').shape;
      const y = tf.conv2d(
        x,
        tf.reshape(of('filters'), [width, 1, from, to]),
        wide(attributes.stride ?? 1),
        attributes.padding,
      );
      return parameters.bias ? tf.add(y, of('bias')) : y;
    }
    case 'relu':
      return tf.relu(x);
    case 'batchNorm':
      return tf.batchNorm(x, of('mean'), of('variance'), of('shift'), of('scale'), attributes.epsilon ?? 1e-3);
    case 'maxPool':
      return tf.maxPool(
        x,
        wide(attributes.size),
        wide(attributes.stride ?? attributes.size),
        attributes.padding ?? 'valid',
      );
    case 'flatten':
      return tf.reshape(x, [x.shape[0], -1]);
    case 'dense': {
      const y = tf.matMul(x, of('filters'));
      return parameters.bias ? tf.add(y, of('bias')) : y;
    }
    case 'sigmoid':
      return tf.sigmoid(x);
    default:
      throw new Error(`pitch: tfjs is not told how to do ${op.name}`);
  }
}
