export { accuracyAt, bestThreshold, type ThresholdAccuracy } from './accuracy.ts';
export { cosine, type Distance, euclidean, squaredEuclidean } from './distance.ts';
export { type LfwFold, type LfwResult, lfwProtocol } from './lfw.ts';
export { foldsOf, type Pair, parsePairs } from './lfw-pairs.ts';
export { auc, equalErrorRate, type RocPoint, roc, tarAtFar } from './roc.ts';
export type { ScoredPair } from './scored-pairs.ts';
export { type Neighbour, VectorIndex, type VectorIndexOptions } from './search.ts';
