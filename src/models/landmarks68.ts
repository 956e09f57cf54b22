import { InputError } from '../core/errors.ts';
import type { Node } from '../graph/graph.ts';
import { add } from '../graph/ops/add.ts';
import { globalAveragePool } from '../graph/ops/global-average-pool.ts';
import { relu } from '../graph/ops/relu.ts';
import type { Box, Point } from '../image/geometry.ts';
import type { Architecture } from './architecture.ts';
import { ModelBuilder } from './builder.ts';
import { requireFinite } from './finite.ts';

const SIZE = 112;
const POINTS = 68;

/** `'full'`: four dense blocks of four convolutions. `'tiny'`: three blocks of three, a fifth of the size, less exact. */
export type LandmarksVariant = 'full' | 'tiny';

const variants = {
  full: { name: 'face_landmark_68', widths: [32, 64, 128, 256], convolutions: 4 },
  tiny: { name: 'face_landmark_68_tiny', widths: [32, 64, 128], convolutions: 3 },
} as const;

/**
 * The 68 landmarks of a face (iBUG 300-W order) by densely connected separable convolutions.
 * Input [N,112,112,3], the face's box; output `landmarks` [N,136], x and y in turn, as shares of the padded square.
 *
 * A dense block adds to each convolution what all before it gave: o₁ = relu(conv0(x)), o₂ = conv1(o₁),
 * o₃ = conv2(relu(o₁ + o₂)), o₄ = conv3(relu(o₁ + o₂ + o₃)), and gives relu(o₁ + o₂ + o₃ + o₄).
 */
export function landmarks68(variant: LandmarksVariant = 'full'): Architecture {
  const { name: network, widths, convolutions } = variants[variant];
  const builder = new ModelBuilder(network);
  const { graph } = builder;

  const denseBlock = (block: string, x: Node, from: number, to: number): Node => {
    const first =
      from === 3
        ? builder.conv(`${block}/conv0`, x, {
            filters: `${block}/conv0/filters`,
            shape: [3, 3, from, to],
            bias: `${block}/conv0/bias`,
            stride: 2,
          })
        : builder.separable(`${block}/conv0`, x, from, to, 2);
    let active = graph.apply(relu, [first], { name: `${block}/relu0` });
    let sum = active;
    for (let i = 1; i < convolutions; i++) {
      const next = builder.separable(`${block}/conv${i}`, active, to, to);
      sum = graph.apply(add, [sum, next], { name: `${block}/sum${i}` });
      active = graph.apply(relu, [sum], { name: i === convolutions - 1 ? block : `${block}/relu${i}` });
    }
    return active;
  };

  let x = graph.input('image');
  let from = 3;
  for (const [i, to] of widths.entries()) {
    x = denseBlock(`dense${i}`, x, from, to);
    from = to;
  }
  // The published network pools the whole of what is left, 7×7 or 14×14.
  const pooled = graph.apply(globalAveragePool, [x], { name: 'pool' });
  builder.dense('landmarks', pooled, 'fc/weights', from, 2 * POINTS, 'fc/bias');
  const mean = [122.782, 117.001, 104.298] as const;
  return builder.finish({ name: 'image', size: SIZE, place: 'centre', mean, divisor: 255 }, ['landmarks']);
}

/**
 * The landmarks in pixels of the photo.
 *
 * @param output The network's 136 numbers.
 * @param region The part of the photo that the network was given, put in the middle of a square.
 * @returns 68 points: jaw 0–16, brows 17–21 and 22–26, nose 27–35, eyes 36–41 and 42–47, mouth 48–67; the first of a pair
 * is on the left of the picture.
 * @throws InputError where the output is not 136 finite numbers, or the region has no area.
 */
export function decodeLandmarks(output: Float32Array, region: Box): Point[] {
  if (output.length !== 2 * POINTS)
    throw new InputError(`decodeLandmarks: expected ${2 * POINTS} numbers, got ${output.length}`);
  requireFinite('decodeLandmarks', output);
  const { x, y, width, height } = region;
  if (!(width > 0 && height > 0))
    throw new InputError(`decodeLandmarks: the region must have an area, got ${width} × ${height}`);
  const side = Math.max(width, height);
  const left = (side - width) / 2;
  const top = (side - height) / 2;
  return Array.from({ length: POINTS }, (_, i) => ({
    x: x + output[2 * i]! * side - left,
    y: y + output[2 * i + 1]! * side - top,
  }));
}
