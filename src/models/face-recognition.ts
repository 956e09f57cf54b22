import type { Node } from '../graph/graph.ts';
import { add } from '../graph/ops/add.ts';
import { averagePool } from '../graph/ops/average-pool.ts';
import { globalAveragePool } from '../graph/ops/global-average-pool.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { pad } from '../graph/ops/pad.ts';
import { relu } from '../graph/ops/relu.ts';
import type { Architecture } from './architecture.ts';
import { ModelBuilder } from './builder.ts';

/** A feature map while the network is built: its node, height, width and channels. */
interface Map2d {
  readonly node: Node;
  readonly sides: readonly number[];
  readonly channels: number;
}

const SIZE = 150;

/** Sides behind a window that steps by two and stays inside. */
const positions = ({ sides }: Map2d, kernel: number): number[] =>
  sides.map((side) => Math.floor((side - kernel) / 2) + 1);

/**
 * dlib's face recognition network (`dlib_face_recognition_resnet_model_v1`, by Davis King; 99.38 % on LFW as published):
 * 29 convolutions in residual blocks, 5.6 million parameters, a descriptor of 128 numbers that is not normalised.
 *
 * Input [N,150,150,3], or pictures of another size to look at its layers; output `descriptor` [N,128]. Every block is a node called by its name (`conv64_2`), after its ReLU.
 * Batch normalisation is frozen in it, as an affine behind each convolution, and is folded into its filters.
 *
 * @see http://blog.dlib.net/2017/02/high-quality-face-recognition-with-deep.html
 */
export function faceRecognition({ height, width } = { height: SIZE, width: SIZE }): Architecture {
  const builder = new ModelBuilder('face_recognition');
  const { graph } = builder;

  /** Convolution, affine and, where `active`, ReLU. */
  const layer = (
    name: string,
    x: Map2d,
    channels: number,
    options: { kernel?: number; stride?: 1 | 2; active?: boolean } = {},
  ): Map2d => {
    const { kernel = 3, stride = 1, active = true } = options;
    const conv = builder.conv(`${name}/conv`, x.node, {
      filters: `${name}/conv/filters`,
      shape: [kernel, kernel, x.channels, channels],
      bias: `${name}/conv/bias`,
      stride,
      padding: stride === 1 ? 'same' : 'valid',
    });
    const scaled = builder.affine(
      active ? `${name}/scale` : name,
      conv,
      `${name}/scale/weights`,
      `${name}/scale/biases`,
      channels,
    );
    const sides = stride === 1 ? x.sides : positions(x, kernel);
    return { node: active ? graph.apply(relu, [scaled], { name }) : scaled, sides, channels };
  };

  /** relu(a + b), after which the block is called. */
  const sum = (name: string, a: Map2d, b: Map2d): Map2d => {
    const total = graph.apply(add, [a.node, b.node], { name: `${name}/sum` });
    return { ...a, node: graph.apply(relu, [total], { name }) };
  };

  const residual = (name: string, x: Map2d): Map2d => {
    const inner = layer(`${name}/conv1`, x, x.channels);
    return sum(name, layer(`${name}/conv2`, inner, x.channels, { active: false }), x);
  };

  /** Halves the map: the branch by a convolution, the way past it by an average; zeros make up for the smaller one. */
  const residualDown = (name: string, x: Map2d, channels: number): Map2d => {
    const inner = layer(`${name}/conv1`, x, channels, { stride: 2 });
    const branch = layer(`${name}/conv2`, inner, channels, { active: false });
    const node = graph.apply(averagePool, [x.node], { name: `${name}/pool`, attributes: { size: 2, stride: 2 } });
    const pooled = { node, sides: positions(x, 2), channels: x.channels };
    return sum(
      name,
      padded(`${name}/pad`, pooled, pooled.sides, channels),
      padded(`${name}/conv2/pad`, branch, pooled.sides, channels),
    );
  };

  const padded = (name: string, x: Map2d, sides: readonly number[], channels: number): Map2d => {
    const after = [0, ...sides.map((side, axis) => side - x.sides[axis]!), channels - x.channels];
    if (after.every((cells) => cells === 0)) return x;
    const node = graph.apply(pad, [x.node], { name, attributes: { before: [0, 0, 0, 0], after } });
    return { node, sides, channels };
  };

  const image = { node: graph.input('image'), sides: [height, width], channels: 3 };
  let x = layer('conv32_down', image, 32, { kernel: 7, stride: 2 });
  x = {
    ...x,
    node: graph.apply(maxPool, [x.node], { name: 'maxpool', attributes: { size: 3, stride: 2 } }),
    sides: positions(x, 3),
  };
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(name, x);
  x = residualDown('conv64_down', x, 64);
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(name, x);
  x = residualDown('conv128_down', x, 128);
  for (const name of ['conv128_1', 'conv128_2']) x = residual(name, x);
  x = residualDown('conv256_down', x, 256);
  for (const name of ['conv256_1', 'conv256_2']) x = residual(name, x);
  x = residualDown('conv256_down_out', x, 256);
  const pooled = graph.apply(globalAveragePool, [x.node], { name: 'gap' });
  builder.dense('descriptor', pooled, 'fc', 256, 128);

  // dlib divides by 256, the converted network was measured with 255: thresholds belong to this one.
  const mean = [122.782, 117.001, 104.298] as const;
  return builder.finish({ name: 'image', size: SIZE, place: 'centre', mean, divisor: 255 }, ['descriptor']);
}
