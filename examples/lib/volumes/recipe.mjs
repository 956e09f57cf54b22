export const recipe = {
  seed: 1,
  /** 20 × 20 × 20 voxels of 2.5 mm: a cube of 50 mm. */
  cube: { side: 20, spacing: 2.5, places: 8, rescan: { rotate: 15, shift: 6, bias: 0.3, noise: 0.3 } },
  encoder: { filters: [8, 16, 32], embedding: 64 },
  objective: { mining: 'batch-hard', margin: 0.2, softMargin: false, reduction: 'mean' },
  classes: 12,
  each: 3,
  steps: 400,
  views: 100,
  learningRate: 2e-3,
  weightDecay: 1e-2,
  test: { places: 6, views: 5, ways: 20, episodes: 200 },
};
