import { ShapeError } from '../../core/errors.ts';
import { elementsOf, type Shape } from '../../core/shape.ts';
import type { Kernels } from '../../runtime/generated/abi.ts';
import type { Addresses, Op, Site } from '../op.ts';

/** Shape rule of an op on one tensor of any shape. */
export const elementwiseShape =
  (op: string) =>
  (inputs: readonly Shape[]): Shape => {
    if (inputs.length !== 1) throw new ShapeError(`${op}: takes 1 input, got ${inputs.length}`);
    return inputs[0]!;
  };

/** Forward pass of an activation that no kernel in front of it took. */
export function forwardActivation<A>(kernels: Kernels, site: Site<A>, at: Addresses, op: Op<A>): void {
  const { slope, lo, hi } = op.activation!(site.attributes);
  kernels.f32_activate(at.output, at.inputs[0]!, elementsOf(site.output), slope, lo, hi);
}
