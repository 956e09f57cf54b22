import type { Box, Point } from '../image/geometry.ts';
import type { Rejection } from './face.ts';
export function doubtAbout(_: { box: Box; pixels: Float32Array; landmarks: readonly Point[] }): Rejection | undefined {
  return undefined;
}
