import type { Point } from '../image/geometry.ts';

/**
 * The mean face that dlib aligns to: points 17–67 of the 68 in the unit square (dlib, `get_face_chip_details` in
 * image_transforms/interpolation.h). The jaw has no place in it.
 */
// biome-ignore format: one line for each group of points
const MEAN_X = [
  0.000213256, 0.0752622, 0.18113, 0.29077, 0.393397, 0.586856, 0.689483, 0.799124, 0.904991, 0.98004,
  0.490127, 0.490127, 0.490127, 0.490127, 0.36688, 0.426036, 0.490127, 0.554217, 0.613373,
  0.121737, 0.187122, 0.265825, 0.334606, 0.260918, 0.182743,
  0.645647, 0.714428, 0.793132, 0.858516, 0.79751, 0.719335,
  0.254149, 0.340985, 0.428858, 0.490127, 0.551395, 0.639268, 0.726104, 0.642159, 0.556721, 0.490127, 0.423532,
  0.338094, 0.290379, 0.428096, 0.490127, 0.552157, 0.689874, 0.553364, 0.490127, 0.42689,
];
// biome-ignore format: one line for each group of points
const MEAN_Y = [
  0.106454, 0.038915, 0.0187482, 0.0344891, 0.0773906, 0.0773906, 0.0344891, 0.0187482, 0.038915, 0.106454,
  0.203352, 0.307009, 0.409805, 0.515625, 0.587326, 0.609345, 0.628106, 0.609345, 0.587326,
  0.216423, 0.178758, 0.179852, 0.231733, 0.245099, 0.244077,
  0.231733, 0.179852, 0.178758, 0.216423, 0.244077, 0.245099,
  0.780233, 0.745405, 0.727388, 0.742578, 0.727388, 0.745405, 0.780233, 0.864805, 0.902192, 0.909281, 0.902192,
  0.864805, 0.784792, 0.778746, 0.785343, 0.778746, 0.784792, 0.824182, 0.831803, 0.824182,
];
const FIRST = 17;

/** Side of an aligned face, in pixels. */
export const CHIP_SIZE = 150;
/** Room around the mean face on each side, as a share of its own side. */
const PADDING = 0.25;

const place = (mean: number): number => ((PADDING + mean) / (1 + 2 * PADDING)) * CHIP_SIZE;

/** Points that align: nose, eyes, upper lip and the line between the lips. Jaw, brows and lower lip move too much. */
const ALIGNING: readonly number[] = [
  ...Array.from({ length: 28 }, (_, i) => 27 + i),
  ...Array.from({ length: 5 }, (_, i) => 60 + i),
];

/** Where those points lie on a chip of CHIP_SIZE pixels. */
export const meanFace: readonly Point[] = ALIGNING.map((i) => ({
  x: place(MEAN_X[i - FIRST]!),
  y: place(MEAN_Y[i - FIRST]!),
}));

/** The points of a face that answer to `meanFace`, in its order. */
export const aligningPoints = (landmarks: readonly Point[]): Point[] => ALIGNING.map((i) => landmarks[i]!);
