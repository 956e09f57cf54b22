/**
 * Motion, gain and noise were chosen so that voxels alone are right about half of the time; mining and margin by looking at
 * encoders trained on the scans of nibabel.
 */
export const recipe = {
  seed: 1,
  /** 20 × 20 × 20 voxels of 2.5 mm: a cube of 50 mm. */
  cube: { side: 20, spacing: 2.5, apart: 12, rescan: { rotate: 20, shift: 8, bias: 0.4, noise: 0.4 } },
  encoder: { filters: [8, 16, 32], embedding: 64 },
  objective: { mining: 'semi-hard', variant: 'facenet', margin: 0.3, reduction: 'mean' },
  train: { places: 24, views: 200, classes: 20, each: 2, steps: 300, learningRate: 2e-3, weightDecay: 1e-2 },
  test: { places: 6, views: 9, ways: 20 },
};
