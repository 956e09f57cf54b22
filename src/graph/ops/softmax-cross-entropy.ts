import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { checkWholeNumbers } from './metric/data.ts';
import { noGradient, SUMS_BYTES, seedOf } from './metric/loss.ts';

/** Entries of the output, in their order. */
export const softmaxCrossEntropyEntries = [
  'loss',
  /** The share of rows whose largest logit, the first of equals, is at the label. A row with NaN is none of them. */
  'accuracy',
] as const;

/**
 * Cross-entropy of the softmax, the mean over rows of ln Σ_j e^x[n,j] − x[n,label]; nothing overflows. Inputs: logits [N,C]
 * and labels [N], whole numbers from 0 to C − 1. Output `softmaxCrossEntropyEntries`; only the loss, entry 0, carries
 * gradient: (softmax(x) − one-hot) / N. Sums are float64; NaN stays NaN.
 */
export const softmaxCrossEntropy: Op = {
  name: 'softmaxCrossEntropy',
  binary: learning,
  shape(inputs) {
    const [x, labels] = inputs;
    if (inputs.length !== 2 || x?.length !== 2 || labels?.length !== 1 || labels[0] !== x[0])
      throw new ShapeError(
        `softmaxCrossEntropy: takes logits [N,C] and labels [N], got ${inputs.map(formatShape).join(' and ')}`,
      );
    return [softmaxCrossEntropyEntries.length];
  },

  scratch: ({ inputs }) => SUMS_BYTES + elementsOf(inputs[0]!) * 4,

  forward(kernels, site, at, { memory }) {
    const [rows, c] = site.inputs[0] as [number, number];
    const [x, labels] = at.inputs as [number, number];
    checkWholeNumbers('softmaxCrossEntropy: labels', memory, labels, rows, 0, c - 1);
    const probabilities = at.state || at.scratch + SUMS_BYTES;
    kernels.f32_softmax_cross_entropy(at.scratch, probabilities, x, labels, rows, c);
    const [loss, right] = memory.f64(at.scratch, 2) as unknown as [number, number];
    memory.f32(at.output, 2).set([loss / rows, right / rows]);
  },

  backward: {
    reads: () => ['inputs'],
    state: ({ inputs }) => elementsOf(inputs[0]!) * 4,
    run(kernels, site, at, { memory }) {
      const [rows, c] = site.inputs[0] as [number, number];
      const [dx, ofLabels] = at.inputGradients;
      const factor = seedOf(memory, at) / rows;
      if (dx) kernels.f32_softmax_cross_entropy_gradient(dx, at.state, at.inputs[1]!, rows, c, factor);
      noGradient(memory, ofLabels, rows);
    },
  },
};
