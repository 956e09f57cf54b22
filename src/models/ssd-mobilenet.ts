import { InputError } from '../core/errors.ts';
import { exp, sigmoid } from '../core/math.ts';
import type { Node } from '../graph/graph.ts';
import { clip } from '../graph/ops/clip.ts';
import type { Parameters } from '../graph/parameters.ts';
import { type Box, clipBox } from '../image/geometry.ts';
import { ModelBuilder } from './builder.ts';
import { type Decode, type Detection, type Detector, minScoreOf, squareFactors } from './detector.ts';
import { requireFinite } from './finite.ts';
import { suppressOverlaps } from './nms.ts';

const NAME = 'ssd_mobilenetv1';
const SIZE = 512;
const MIN_SCORE = 0.5;
const MAX_OVERLAP = 0.5;
const MOST = 100;
const EPSILON = 0.001;
/** Output channels of the 13 separable layers of MobileNet v1. */
const WIDTHS = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];
const HALVING = new Set([2, 4, 6, 12]);
/** Those whose maps are looked at for boxes. */
const MAPPED = new Set([11, 13]);
/** The layers behind MobileNet: 1×1 to the first width, 3×3 with stride 2 to the second. */
const EXTRA = [
  [256, 512],
  [128, 256],
  [128, 256],
  [64, 128],
] as const;
/** Numbers that a box is scored with; that of a face is the second. */
const CLASSES = 3;
const FACE = 1;
const ANCHORS = 'Output/extra_dim';
const ANCHOR_COUNT = 5118;
/** What the encodings of centres and of sizes are divided by. */
const CENTRE_SCALE = 10;
const SIZE_SCALE = 5;

const encodings = Array.from({ length: 6 }, (_, i) => `BoxPredictor_${i}/encoding`);
const classes = Array.from({ length: 6 }, (_, i) => `BoxPredictor_${i}/class`);

/**
 * SSD on MobileNet v1 (Liu et al. 2016; Howard et al. 2017), trained on WIDER FACE: slower than the tiny detector, and
 * better. 5.6 million parameters.
 *
 * Input [1,512,512,3]; outputs `BoxPredictor_i/encoding` [1,h,w,4·k] and `BoxPredictor_i/class` [1,h,w,3·k] at six scales,
 * 5118 boxes in all. Their anchors are a tensor of the weights, (y₀, x₀, y₁, x₁) as shares of the square:
 * y = e₀/10·h + y_c, x = e₁/10·w + x_c, height = h·exp(e₂/5), width = w·exp(e₃/5).
 */
export function ssdMobilenet(): Detector {
  const builder = new ModelBuilder(NAME);
  const { graph } = builder;
  const relu6 = (name: string, x: Node): Node => graph.apply(clip, [x], { name, attributes: { lo: 0, hi: 6 } });
  const pointwise = (
    name: string,
    tensors: string,
    x: Node,
    shape: readonly [number, number, number, number],
    stride = 1,
  ): Node =>
    relu6(
      name,
      builder.conv(`${name}/linear`, x, {
        filters: `${tensors}/weights`,
        shape,
        bias: `${tensors}/convolution_bn_offset`,
        stride,
      }),
    );

  let x = pointwise('Conv2d_0', 'MobilenetV1/Conv2d_0_pointwise', graph.input('image'), [3, 3, 3, 32], 2);
  let from = 32;
  const maps: { node: Node; channels: number }[] = [];
  for (const [i, to] of WIDTHS.entries()) {
    const name = `Conv2d_${i + 1}`;
    const spatial = `MobilenetV1/${name}_depthwise`;
    const stride = HALVING.has(i + 1) ? 2 : 1;
    const linear = builder.depthwise(`${name}_depthwise/linear`, x, `${spatial}/depthwise_weights`, from, stride);
    const normal = builder.batchNormalization(`${spatial}/BatchNorm`, linear, from, EPSILON);
    const active = relu6(`${name}_depthwise`, normal);
    x = pointwise(`${name}_pointwise`, `MobilenetV1/${name}_pointwise`, active, [1, 1, from, to]);
    if (MAPPED.has(i + 1)) maps.push({ node: x, channels: to });
    from = to;
  }
  for (const [i, [narrow, wide]] of EXTRA.entries()) {
    x = pointwise(`Prediction/Conv2d_${2 * i}`, `Prediction/Conv2d_${2 * i}_pointwise`, x, [1, 1, from, narrow]);
    x = pointwise(
      `Prediction/Conv2d_${2 * i + 1}`,
      `Prediction/Conv2d_${2 * i + 1}_pointwise`,
      x,
      [3, 3, narrow, wide],
      2,
    );
    maps.push({ node: x, channels: wide });
    from = wide;
  }
  for (const [i, { node, channels }] of maps.entries()) {
    const perCell = i === 0 ? 3 : 6;
    for (const [name, tensors, numbers] of [
      [encodings[i]!, 'BoxEncodingPredictor', 4],
      [classes[i]!, 'ClassPredictor', CLASSES],
    ] as const) {
      const prefix = `Prediction/BoxPredictor_${i}/${tensors}`;
      builder.conv(name, node, {
        filters: `${prefix}/weights`,
        shape: [1, 1, channels, perCell * numbers],
        bias: `${prefix}/biases`,
      });
    }
  }
  builder.tensor(ANCHORS, [1, ANCHOR_COUNT, 4]);
  const mean = [127.5, 127.5, 127.5] as const;
  const input = { name: 'image', size: SIZE, place: 'start', mean, divisor: 127.5 } as const;
  return {
    ...builder.finish(input, [...encodings, ...classes]),
    minScore: MIN_SCORE,
    maxOverlap: MAX_OVERLAP,
    decoder,
  };
}

function decoder(bound: Parameters): Decode {
  const anchors = bound.read(ANCHORS);
  return (outputs, photo, options) => {
    const minScore = minScoreOf(NAME, options, MIN_SCORE);
    const factors = squareFactors(photo, SIZE);
    const found: Detection[] = [];
    let first = 0;
    for (const [i, name] of encodings.entries()) {
      const boxes = numbersOf(outputs, name);
      const scores = numbersOf(outputs, classes[i]!);
      const count = boxes.length / 4;
      if (scores.length !== count * CLASSES || (first + count) * 4 > anchors.length)
        throw new InputError(
          `${NAME}: ${count} boxes of ${name} have ${scores.length} scores and ${anchors.length / 4 - first} anchors`,
        );
      for (let b = 0; b < count; b++) {
        const score = sigmoid(scores[b * CLASSES + FACE]!);
        if (!(score > minScore)) continue;
        const anchor = anchors.subarray((first + b) * 4, (first + b + 1) * 4);
        found.push({ box: boxOf(boxes.subarray(b * 4, (b + 1) * 4), anchor), score });
      }
      first += count;
    }
    if (first * 4 !== anchors.length)
      throw new InputError(`${NAME}: the outputs hold ${first} boxes, the weights ${anchors.length / 4} anchors`);
    return suppressOverlaps(found, MAX_OVERLAP, MOST)
      .map(({ box, score }) => ({ box: clipBox(box, 1, 1), score }))
      .filter(({ box }) => box.width > 0 && box.height > 0)
      .map(({ box, score }) => ({ box: scaled(box, factors.x * photo.width, factors.y * photo.height), score }));
  };
}

function numbersOf(outputs: Readonly<Record<string, Float32Array>>, name: string): Float32Array {
  const numbers = outputs[name];
  if (!numbers) throw new InputError(`${NAME}: output "${name}" is missing`);
  requireFinite(NAME, numbers);
  return numbers;
}

/** A box as shares of the square, from its encoding and its anchor. */
function boxOf(encoding: Float32Array, anchor: Float32Array): Box {
  const [top, left, bottom, right] = anchor as unknown as [number, number, number, number];
  const [dy, dx, dh, dw] = encoding as unknown as [number, number, number, number];
  const height = (bottom - top) * exp(dh / SIZE_SCALE);
  const width = (right - left) * exp(dw / SIZE_SCALE);
  const y = (dy / CENTRE_SCALE) * (bottom - top) + (top + bottom) / 2;
  const x = (dx / CENTRE_SCALE) * (right - left) + (left + right) / 2;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

const scaled = ({ x, y, width, height }: Box, byX: number, byY: number): Box => ({
  x: x * byX,
  y: y * byY,
  width: width * byX,
  height: height * byY,
});
