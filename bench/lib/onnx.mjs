import * as ort from 'onnxruntime-web/wasm';
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

const attribute = ({ name, ints }, pbf) => {
  pbf.writeStringField(1, name);
  for (const value of ints) pbf.writeVarintField(8, value);
  pbf.writeVarintField(20, INTS);
};

const convolution = ({ inputs, output, pads, strides }, pbf) => {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(4, 'Conv');
  pbf.writeMessage(5, attribute, { name: 'pads', ints: pads });
  pbf.writeMessage(5, attribute, { name: 'strides', ints: strides });
};

const graph = ({ input, filters, output }, pbf) => {
  pbf.writeMessage(1, convolution, { inputs: ['x', 'w'], output: 'y', pads: [1, 1, 1, 1], strides: [1, 1] });
  pbf.writeStringField(2, 'conv');
  pbf.writeMessage(5, tensor, { name: 'w', ...filters });
  pbf.writeMessage(11, valueInfo, { name: 'x', sizes: input });
  pbf.writeMessage(12, valueInfo, { name: 'y', sizes: output });
};

/** An ONNX model of one convolution, 3 × 3, stride 1, padding 1: x [1,C,H,W] · w [Co,C,3,3] → y [1,Co,H,W]. */
export function convolutionModel(input, filters) {
  const pbf = new Pbf();
  pbf.writeVarintField(1, 8);
  pbf.writeMessage(7, graph, { input, filters, output: [1, filters.sizes[0], input[2], input[3]] });
  pbf.writeMessage(8, operatorSet, 17);
  return pbf.finish();
}

/** A session of onnxruntime-web: wasm SIMD, one thread. */
export async function onnxSession(model) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.simd = true;
  ort.env.logLevel = 'error';
  return ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
}

export const onnxTensor = (values, sizes) => new ort.Tensor('float32', values, sizes);
