import Pbf from 'pbf';

// Field numbers and enum values are those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (IR 8).
const FLOAT = 1;
const INTS = 7;

const operatorSet = (version, pbf) => {
  pbf.writeStringField(1, '');
  pbf.writeVarintField(2, version);
};

const dimension = (size, pbf) => pbf.writeVarintField(1, size);
const shape = (sizes, pbf) => {
  for (const size of sizes) pbf.writeMessage(1, dimension, size);
};
const tensorType = (sizes, pbf) => {
  pbf.writeVarintField(1, FLOAT);
  pbf.writeMessage(2, shape, sizes);
};
const type = (sizes, pbf) => pbf.writeMessage(1, tensorType, sizes);
const valueInfo = ({ name, sizes }, pbf) => {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, type, sizes);
};

const tensor = ({ name, sizes, values }, pbf) => {
  for (const size of sizes) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, FLOAT);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
};

const attribute = ([name, ints], pbf) => {
  pbf.writeStringField(1, name);
  for (const value of ints) pbf.writeVarintField(8, value);
  pbf.writeVarintField(20, INTS);
};

const node = ({ op, inputs, output, attributes = {} }, pbf) => {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(4, op);
  for (const entry of Object.entries(attributes)) pbf.writeMessage(5, attribute, entry);
};

const graph = ({ nodes, tensors, input, outputs }, pbf) => {
  for (const each of nodes) pbf.writeMessage(1, node, each);
  pbf.writeStringField(2, 'network');
  for (const each of tensors) pbf.writeMessage(5, tensor, each);
  pbf.writeMessage(11, valueInfo, input);
  for (const each of outputs) pbf.writeMessage(12, valueInfo, each);
};

/**
 * An ONNX model (operator set 17) of nodes { op, inputs, output, attributes: lists of numbers by name }, tensors
 * { name, sizes, values }, and one input and outputs { name, sizes }.
 */
export function onnxModel(network) {
  const pbf = new Pbf();
  pbf.writeVarintField(1, 8);
  pbf.writeMessage(7, graph, network);
  pbf.writeMessage(8, operatorSet, 17);
  return pbf.finish();
}

const CONV_3X3 = { pads: [1, 1, 1, 1], strides: [1, 1] };
export const conv3x3 = (input, filters, output, bias) => ({
  op: 'Conv',
  inputs: [input, filters, ...(bias ? [bias] : [])],
  output,
  attributes: CONV_3X3,
});

/** One convolution, 3 × 3, stride 1, padding 1: x [1,C,H,W] · w [Co,C,3,3] → y [1,Co,H,W]. */
export const convolutionModel = (input, filters) =>
  onnxModel({
    nodes: [conv3x3('x', 'w', 'y')],
    tensors: [{ name: 'w', ...filters }],
    input: { name: 'x', sizes: input },
    outputs: [{ name: 'y', sizes: [1, filters.sizes[0], input[2], input[3]] }],
  });

/**
 * onnxruntime-web, wasm SIMD on one thread: sessions of it take a Float32Array and give one; `all` of a session gives those
 * of every output by name.
 */
export async function onnxRuntimeWeb() {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.simd = true;
  ort.env.logLevel = 'error';
  return (model) => session(ort, model, 'wasm');
}

/** onnxruntime-node, native code on one thread. */
export async function onnxRuntimeNode() {
  const { default: ort } = await import('onnxruntime-node');
  return (model) => session(ort, model, 'cpu');
}

async function session(ort, model, provider) {
  const made = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const all = async (values, sizes) => {
    const outputs = await made.run({ [made.inputNames[0]]: new ort.Tensor('float32', values, sizes) });
    return Object.fromEntries(made.outputNames.map((name) => [name, outputs[name].data]));
  };
  return Object.assign(async (values, sizes) => (await all(values, sizes))[made.outputNames[0]], { all });
}
