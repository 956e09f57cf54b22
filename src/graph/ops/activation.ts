import { ShapeError } from '../../core/errors.ts';
import { elementsOf, type Shape } from '../../core/shape.ts';
import type { Kernels } from '../../runtime/generated/abi.ts';
import { type Activation, type Addresses, type Backward, ruleCode, type Site } from '../op.ts';

/** Shape rule of an op on one tensor of any shape. */
export const elementwiseShape =
  (op: string) =>
  (inputs: readonly Shape[]): Shape => {
    if (inputs.length !== 1) throw new ShapeError(`${op}: takes 1 input, got ${inputs.length}`);
    return inputs[0]!;
  };

/** Forward pass of an activation that no kernel in front of it took. */
export const activationForward =
  <A>(activation: (attributes: A) => Activation) =>
  (kernels: Kernels, site: Site<A>, at: Addresses): void => {
    const { slope, lo, hi } = activation(site.attributes);
    kernels.f32_activate(at.output, at.inputs[0]!, elementsOf(site.output), slope, lo, hi);
  };

/** Backward pass of an activation that stands by itself, from its output. */
export const activationBackward = <A>(activation: (attributes: A) => Activation): Backward<A> => ({
  inPlace: true,
  reads: () => ['output'],
  run(kernels, site, at) {
    const { slope, lo, hi } = activation(site.attributes);
    const n = elementsOf(site.output);
    kernels.f32_activate_backward(
      at.inputGradients[0]!,
      at.outputGradient,
      at.output,
      n,
      slope,
      lo,
      hi,
      ruleCode[at.rule],
    );
  },
});
