/** Rows and columns of a block, whose lines of either side of the diagonal stay in the cache. */
const BLOCK: i32 = 16;

/**
 * Weights of ordered pairs (i, j) among n rows, in place, to those of the pairs: (w[i][j] + w[j][i]) · scale; where `root`,
 * divided by the distance, and 0 where that is 0.
 */
export function f32_symmetric_weights(weights: usize, distances: usize, n: i32, root: bool, scale: f32): void {
  assert(n >= 0 && n < 32768);
  for (let row = 0; row < n; row += BLOCK) {
    for (let column = 0; column <= row; column += BLOCK) {
      for (let i = row; i < min(n, row + BLOCK); i++) {
        for (let j = column; j <= min(i, column + BLOCK - 1); j++) {
          const at = <usize>(i * n + j) << 2, mirrored = weights + (<usize>(j * n + i) << 2);
          const factor: f32 = root ? scale * inverse_distance(load<f32>(distances + at)) : scale;
          const weight = (load<f32>(weights + at) + load<f32>(mirrored)) * factor;
          store<f32>(weights + at, weight);
          store<f32>(mirrored, weight);
        }
      }
    }
  }
}

/** weights[i] = gradients[i] / distances[i], and 0 where the distance is 0. */
export function f32_root_weights(weights: usize, gradients: usize, distances: usize, n: i32): void {
  assert(n >= 0);
  for (; n > 0; n--) {
    store<f32>(weights, load<f32>(gradients) * inverse_distance(load<f32>(distances)));
    weights += 4; gradients += 4; distances += 4;
  }
}

/** 1 / d: what the gradient of a root has on top of its radicand's. Where the root is 0 it has none. */
// @ts-ignore: decorator
@inline
export function inverse_distance(distance: f32): f32 {
  return distance == 0 ? 0 : 1 / distance;
}
