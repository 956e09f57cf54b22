import type { Box, Point } from '../image/geometry.ts';
import type { Picture } from '../image/image.ts';
import type { Face, RejectedFace } from './face.ts';

const scaledPoint = (x: number, y: number, { x: px, y: py }: Point): Point => ({ x: px * x, y: py * y });

const scaledBox = (x: number, y: number, box: Box): Box => ({
  x: box.x * x,
  y: box.y * y,
  width: box.width * x,
  height: box.height * y,
});

const factorsOf = ({ width, height, sourceWidth, sourceHeight }: Picture): [x: number, y: number] => [
  sourceWidth / width,
  sourceHeight / height,
];

/** A face in pixels of the original, where the decoder reduced the picture. */
export function faceInOriginal(face: Face, picture: Picture): Face {
  const [x, y] = factorsOf(picture);
  return {
    box: scaledBox(x, y, face.box),
    score: face.score,
    landmarks: face.landmarks.map((point) => scaledPoint(x, y, point)),
  };
}

/** What was turned down, in pixels of the original. */
export const rejectedInOriginal = (rejected: RejectedFace, picture: Picture): RejectedFace => ({
  ...rejected,
  box: scaledBox(...factorsOf(picture), rejected.box),
});
