import { InputError } from '../core/errors.ts';
import type { Optimizer } from '../graph/optimizer.ts';
import { checkShare, type OptimizerOptions, ratesOf } from './options.ts';

export interface SgdOptions extends OptimizerOptions {
  /** μ, what remains of the velocity at each update. Default: 0, none is kept. */
  readonly momentum?: number;
  /** Look ahead along the velocity. Default: false. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent with momentum (Sutskever et al. 2013, in PyTorch's form), with g = gradient + λ · x:
 *
 *     v ← μ · v + g        x ← x − η · v, or with Nesterov's momentum x − η · (g + μ · v)
 *
 * @throws InputError for an option that is out of range
 * @example sgd({ learningRate: cosine(0.1, { steps: 10_000 }), momentum: 0.9, weightDecay: 1e-4 })
 */
export function sgd(options: SgdOptions): Optimizer {
  const { momentum = 0, nesterov = false } = options;
  const { learningRate, weightDecay } = ratesOf('sgd', options);
  checkShare('sgd', 'momentum', momentum);
  if (nesterov && momentum === 0) throw new InputError('sgd: nesterov needs a momentum above 0');
  return {
    name: 'sgd',
    states: momentum > 0 ? ['velocity'] : [],
    learningRate,
    update(kernels, { name, elements, values, gradient, states: [velocity = 0] }, step) {
      const [rate, l2] = [learningRate(step), weightDecay(step, name)];
      kernels.f32_sgd(values, gradient, velocity, elements, rate, momentum, l2, nesterov);
    },
  };
}
