import type { Optimizer } from '../graph/optimizer.ts';
import { checkEpsilon, checkShare, type OptimizerOptions, ratesOf } from './options.ts';

export interface RmspropOptions extends OptimizerOptions {
  /** ρ, what remains of the mean square at each update. Default: 0.9. */
  readonly rho?: number;
  /** ε, added to the root (TensorFlow adds its own under it). Default: 1e-8. */
  readonly epsilon?: number;
  /** μ, what remains of the velocity at each update. Default: 0, none is kept. */
  readonly momentum?: number;
}

/**
 * RMSprop (Tieleman & Hinton 2012), ε outside the root as in PyTorch, with g = gradient + λ · x:
 *
 *     s ← ρ · s + (1 − ρ) · g²        v ← μ · v + g / (√s + ε)        x ← x − η · v
 *
 * @throws InputError for an option that is out of range
 * @example rmsprop({ learningRate: 1e-3, momentum: 0.9 })
 */
export function rmsprop(options: RmspropOptions): Optimizer {
  const { rho = 0.9, epsilon = 1e-8, momentum = 0 } = options;
  const { learningRate, weightDecay } = ratesOf('rmsprop', options);
  checkShare('rmsprop', 'rho', rho);
  checkShare('rmsprop', 'momentum', momentum);
  checkEpsilon('rmsprop', epsilon);
  return {
    name: 'rmsprop',
    states: momentum > 0 ? ['square', 'velocity'] : ['square'],
    learningRate,
    update(kernels, { name, elements, values, gradient, states: [square, velocity = 0] }, step) {
      const [rate, l2] = [learningRate(step), weightDecay(step, name)];
      kernels.f32_rmsprop(values, gradient, square!, velocity, elements, rate, rho, epsilon, momentum, l2);
    },
  };
}
