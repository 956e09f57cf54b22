import type { Optimizer } from '../graph/optimizer.ts';
import { checkEpsilon, checkShare, type OptimizerOptions, ratesOf } from './options.ts';

export interface AdamOptions extends OptimizerOptions {
  /** β₁, what remains of the first moment at each update. Default: 0.9. */
  readonly beta1?: number;
  /** β₂, what remains of the second moment at each update. Default: 0.999. */
  readonly beta2?: number;
  /** ε, added to the root of the corrected second moment (TensorFlow adds its own to the uncorrected one). Default: 1e-8. */
  readonly epsilon?: number;
  /**
   * True: weights decay by themselves, x ← x − η · λ · x, as in AdamW (Loshchilov & Hutter 2019). False: λ · x is added to
   * the gradient, and so to both moments. Default: true.
   */
  readonly decoupled?: boolean;
}

/** βⁿ by squaring, in an order of our own: `**` differs between engines. */
function power(base: number, n: number): number {
  let result = 1;
  for (let [square, left] = [base, n]; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * Adam (Kingma & Ba 2015, Algorithm 1), with the update's number t from 1 and its gradient g:
 *
 *     m ← β₁ · m + (1 − β₁) · g        v ← β₂ · v + (1 − β₂) · g²
 *     x ← x − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * @throws InputError for an option that is out of range
 * @example adam({ learningRate: 1e-3, weightDecay: 1e-2 })
 */
export function adam(options: AdamOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decoupled = true } = options;
  const { learningRate, weightDecay } = ratesOf('adam', options);
  checkShare('adam', 'beta1', beta1);
  checkShare('adam', 'beta2', beta2);
  checkEpsilon('adam', epsilon);
  return {
    name: 'adam',
    states: ['m', 'v'],
    learningRate,
    update(kernels, { name, elements, values, gradient, states: [m, v] }, step) {
      const [rate, decay] = [learningRate(step), weightDecay(step, name)];
      const [first, second] = [1 - power(beta1, step + 1), 1 - power(beta2, step + 1)];
      const [l2, apart] = decoupled ? [0, decay] : [decay, 0];
      kernels.f32_adam(values, gradient, m!, v!, elements, rate, beta1, beta2, epsilon, first, second, l2, apart);
    },
  };
}
