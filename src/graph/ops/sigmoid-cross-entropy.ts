import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { checkWholeNumbers } from './metric/data.ts';
import { noGradient, SUMS_BYTES, seedOf } from './metric/loss.ts';

/** Entries of the output, in their order. */
export const sigmoidCrossEntropyEntries = [
  'loss',
  /** The share of logits on their label's side: above 0 for label 1, otherwise for label 0. NaN is on neither. */
  'accuracy',
] as const;

/**
 * Binary cross-entropy of the sigmoid, the mean of −t·ln σ(x) − (1 − t)·ln(1 − σ(x)), as max(x, 0) − x·t + ln(1 + e^−|x|), in
 * which nothing overflows. Inputs: logits of any shape and labels of the same, 0 or 1. Output `sigmoidCrossEntropyEntries`;
 * only the loss, entry 0, carries gradient: (σ(x) − t) / elements. Sums are float64; NaN stays NaN.
 */
export const sigmoidCrossEntropy: Op = {
  name: 'sigmoidCrossEntropy',
  binary: learning,
  shape(inputs) {
    const [x, labels] = inputs;
    if (inputs.length !== 2 || !sameShape(x!, labels!))
      throw new ShapeError(
        `sigmoidCrossEntropy: takes logits and labels of one shape, got ${inputs.map(formatShape).join(' and ')}`,
      );
    return [sigmoidCrossEntropyEntries.length];
  },

  scratch: () => SUMS_BYTES,

  forward(kernels, site, at, { memory }) {
    const n = elementsOf(site.inputs[0]!);
    const [x, labels] = at.inputs as [number, number];
    checkWholeNumbers('sigmoidCrossEntropy: labels', memory, labels, n, 0, 1);
    kernels.f32_sigmoid_cross_entropy(at.scratch, x, labels, n);
    const [loss, right] = memory.f64(at.scratch, 2) as unknown as [number, number];
    memory.f32(at.output, 2).set([loss / n, right / n]);
  },

  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at, { memory }) {
      const n = elementsOf(site.inputs[0]!);
      const [x, labels] = at.inputs as [number, number];
      const [dx, ofLabels] = at.inputGradients;
      if (dx) {
        kernels.f32_sigmoid(dx, x, n);
        kernels.f32_difference(dx, dx, labels, n, seedOf(memory, at) / n);
      }
      noGradient(memory, ofLabels, n);
    },
  },
};
