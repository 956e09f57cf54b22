import { binary as learning } from '../../../runtime/generated/learning.wasm.ts';
import type { Op } from '../../op.ts';
import { pairsOf, sidesOf } from './pairs.ts';

/** An op that makes a feature of each coordinate of a pair of rows; `kind` is how kernels are told which. */
export const pairFeature = (name: string, kind: number): Op => ({
  name,
  binary: learning,
  shape(inputs) {
    const { count, d } = pairsOf(name, inputs);
    return [count, d];
  },
  forward(kernels, site, at) {
    const pairs = pairsOf(name, site.inputs);
    const [a, b, row] = sidesOf(pairs, at.inputs);
    kernels.f32_pair_features(at.output, a, b, pairs.count, pairs.d, row, kind);
  },
  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at) {
      const pairs = pairsOf(name, site.inputs);
      const [a, b, row] = sidesOf(pairs, at.inputs);
      const [toA, toB] = sidesOf(pairs, at.inputGradients);
      kernels.f32_pair_features_backward(toA, toB, at.outputGradient, a, b, pairs.count, pairs.d, row, kind);
    },
  },
});
