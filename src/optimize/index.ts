export type { Optimizer, Update } from '../graph/optimizer.ts';
export { type AdamOptions, adam } from './adam.ts';
export { type Evaluate, Lbfgs, type LbfgsOptions, type LbfgsStep, lbfgsHistory } from './lbfgs.ts';
export type { OptimizerOptions } from './options.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export { constant, cosine, type Schedule, steps, warmUp } from './schedules.ts';
export { type SgdOptions, sgd } from './sgd.ts';
