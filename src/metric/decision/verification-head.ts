import { InputError } from '../../core/errors.ts';
import { sigmoid } from '../../core/math.ts';
import { type Parameters, parametersOf } from '../../graph/parameters.ts';
import { checkedVector } from '../vector.ts';

/**
 * What a head reads of each coordinate of two embeddings. `'absolute'`: |aₖ − bₖ|. `'chi-square'`:
 * (aₖ − bₖ)² / (aₖ + bₖ), 0 where aₖ + bₖ ≤ 0: for features that are not negative, as those behind a ReLU.
 */
export type HeadFeature = 'absolute' | 'chi-square';

const features: Readonly<Record<HeadFeature, (a: number, b: number) => number>> = {
  absolute: (a, b) => Math.abs(a - b),
  'chi-square': (a, b) => (a + b > 0 ? ((a - b) * (a - b)) / (a + b) : 0),
};

/** The name that a head's tensors carry in a file: `weights` [D] and `bias` [1] of an `absolute` one. */
const nameOf = (feature: HeadFeature, tensor: 'weights' | 'bias'): string => `verification/${feature}/${tensor}`;

/**
 * A binary head on the embeddings of a frozen encoder: ŷ = σ(Σₖ wₖ·φₖ(a, b) + bias), the probability that two things
 * are of one class (Taigman et al. 2014). Made by `trainVerificationHead`, or from the parameters that one saved.
 */
export class VerificationHead {
  readonly feature: HeadFeature;
  readonly weights: Float32Array;
  readonly bias: number;

  /** @throws InputError where weights are not finite, or the feature is none. */
  constructor(feature: HeadFeature, weights: ArrayLike<number>, bias: number) {
    if (!Object.hasOwn(features, feature))
      throw new InputError(
        `VerificationHead: feature must be 'absolute' or 'chi-square', got ${JSON.stringify(feature)}`,
      );
    this.feature = feature;
    this.weights = checkedVector('VerificationHead', weights, weights.length);
    if (!Number.isFinite(bias)) throw new InputError(`VerificationHead: bias must be finite, got ${bias}`);
    this.bias = Math.fround(bias);
  }

  /**
   * Σₖ wₖ·φₖ(a, b) + bias, in float64 over the float32 numbers: above 0 where one class is likelier than two.
   * @throws InputError where the embeddings are not finite or of another dimension than the head's.
   */
  logit(a: ArrayLike<number>, b: ArrayLike<number>): number {
    const { length } = this.weights;
    const x = checkedVector('VerificationHead', a, length);
    const y = checkedVector('VerificationHead', b, length);
    const feature = features[this.feature];
    let sum = this.bias;
    for (let k = 0; k < length; k++) sum += this.weights[k]! * feature(x[k]!, y[k]!);
    return sum;
  }

  /** The probability that both are of one class, as many of one class coming as were in the pairs of the training. */
  probability(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return sigmoid(this.logit(a, b));
  }

  /** 1 − probability, 0 … 1: a distance for `roc`, `calibrate` and `FewShotClassifier`. */
  distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return sigmoid(-this.logit(a, b));
  }

  /** Its tensors, to be saved beside those of its encoder. */
  parameters(): Parameters {
    return parametersOf({
      [nameOf(this.feature, 'weights')]: { shape: [this.weights.length], values: this.weights },
      [nameOf(this.feature, 'bias')]: { shape: [1], values: [this.bias] },
    });
  }

  /** @throws InputError where the parameters hold no head. */
  static from(parameters: Parameters): VerificationHead {
    const feature = (Object.keys(features) as HeadFeature[]).find((name) => parameters.has(nameOf(name, 'weights')));
    if (!feature)
      throw new InputError(
        `VerificationHead: the parameters hold no head, ${nameOf('absolute', 'weights')} is not among them`,
      );
    return new VerificationHead(
      feature,
      parameters.read(nameOf(feature, 'weights')),
      parameters.read(nameOf(feature, 'bias'))[0]!,
    );
  }
}

/** The mean of a feature over all coordinates of some pairs. */
export function meanFeature(
  feature: HeadFeature,
  pairs: readonly { readonly a: Float32Array; readonly b: Float32Array }[],
): number {
  let sum = 0;
  for (const { a, b } of pairs) for (let k = 0; k < a.length; k++) sum += features[feature](a[k]!, b[k]!);
  return sum / (pairs.length * pairs[0]!.a.length);
}
