import { InputError } from '../core/errors.ts';
import { exp, sigmoid } from '../core/math.ts';
import type { Node } from '../graph/graph.ts';
import { leakyRelu } from '../graph/ops/leaky-relu.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { ModelBuilder } from './builder.ts';
import { type Decode, type Detection, type Detector, minScoreOf, squareFactors } from './detector.ts';
import { requireFinite } from './finite.ts';
import { suppressOverlaps } from './nms.ts';

const NAME = 'tiny_face_detector';
/** Pixels of the input for one cell of the output. */
const CELL = 32;
const MIN_SCORE = 0.5;
const MAX_OVERLAP = 0.4;
const LEAK = 0.1;
/** Widths and heights of the boxes that each cell starts from, in cells. */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const;
/** Numbers of a box: x, y, width, height, score. */
const BOX = 5;

/**
 * A small face detector of separable convolutions after Tiny YOLO v2: 193 thousand parameters. Its smallest box starts
 * from 51 × 67 pixels of the input, so larger inputs find smaller faces.
 *
 * Input [1,S,S,3] with S a multiple of 32, output `boxes` [1,S/32,S/32,25], five boxes a cell, each (tx, ty, tw, th, score):
 * x = (column + σ(tx))·32/S, width = e^tw · anchor·32/S, score = σ(score), and so in y.
 */
export function tinyFaceDetector(): Detector {
  const builder = new ModelBuilder(NAME);
  const { graph } = builder;
  const leaky = (name: string, x: Node): Node => graph.apply(leakyRelu, [x], { name, attributes: { slope: LEAK } });
  const pool = (name: string, x: Node, stride: number): Node =>
    graph.apply(maxPool, [x], { name, attributes: { size: 2, stride, padding: 'same' } });

  const image = graph.input('image');
  const first = builder.conv('conv0', image, {
    filters: 'conv0/filters',
    shape: [3, 3, 3, 16],
    bias: 'conv0/bias',
    padding: 'valid',
  });
  let x = pool('conv0/pool', leaky('conv0/leaky', first), 2);
  for (const [i, channels] of [16, 32, 64, 128, 256].entries()) {
    const name = `conv${i + 1}`;
    x = leaky(`${name}/leaky`, builder.separable(name, x, channels, channels * 2));
    x = pool(`${name}/pool`, x, i === 4 ? 1 : 2);
  }
  builder.conv('boxes', x, { filters: 'conv8/filters', shape: [1, 1, 512, 25], bias: 'conv8/bias' });
  const mean = [117.001, 114.697, 97.404] as const;
  const input = { name: 'image', size: 416, step: CELL, place: 'start', mean, divisor: 255 } as const;
  return {
    ...builder.finish(input, ['boxes']),
    minScore: MIN_SCORE,
    maxOverlap: MAX_OVERLAP,
    decoder: () => decode,
  };
}

const decode: Decode = (outputs, photo, options) => {
  const boxes = outputs.boxes;
  const side = Math.sqrt((boxes?.length ?? 0) / (ANCHORS.length * BOX));
  if (!boxes || side < 1 || !Number.isInteger(side))
    throw new InputError(`${NAME}: output "boxes" must be [1,S/32,S/32,25], got ${boxes?.length ?? 'no'} numbers`);
  requireFinite(NAME, boxes);
  const minScore = minScoreOf(NAME, options, MIN_SCORE);
  const factors = squareFactors(photo, side * CELL);
  const cellX = (factors.x * photo.width) / side;
  const cellY = (factors.y * photo.height) / side;
  const found: Detection[] = [];
  for (let at = 0; at < boxes.length; at += BOX) {
    const score = sigmoid(boxes[at + 4]!);
    if (!(score > minScore)) continue;
    const [anchorWidth, anchorHeight] = ANCHORS[(at / BOX) % ANCHORS.length]!;
    const cell = Math.floor(at / BOX / ANCHORS.length);
    const width = exp(boxes[at + 2]!) * anchorWidth * cellX;
    const height = exp(boxes[at + 3]!) * anchorHeight * cellY;
    const x = ((cell % side) + sigmoid(boxes[at]!)) * cellX - width / 2;
    const y = (Math.floor(cell / side) + sigmoid(boxes[at + 1]!)) * cellY - height / 2;
    found.push({ box: { x, y, width, height }, score });
  }
  return suppressOverlaps(found, MAX_OVERLAP);
};
