import { InputError, ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../../core/shape.ts';
import type { Memory } from '../../runtime/memory.ts';
import type { Op, Site } from '../op.ts';

/** An op of the user's own. Arrays are copies: what a function keeps of them is its own, and inputs may be written to. */
export interface ExternalAttributes {
  /** The output's shape. */
  shape(inputs: readonly Shape[]): Shape;
  /** Writes the output, zeros at first. It must not run plans of the same engine. */
  forward(inputs: readonly Float32Array[], output: Float32Array): void;
  /**
   * Writes the gradient in each input that wants one, zeros at first, from the gradient in the output. Without it no
   * gradient passes.
   */
  backward?(
    inputs: readonly Float32Array[],
    output: Float32Array,
    gradient: Float32Array,
    inputGradients: readonly (Float32Array | undefined)[],
  ): void;
}

const copyOf = (memory: Memory, address: number, shape: Shape): Float32Array =>
  memory.f32(address, elementsOf(shape)).slice();

const copiesOf = (memory: Memory, site: Site<ExternalAttributes>, addresses: readonly number[]): Float32Array[] =>
  site.inputs.map((shape, i) => copyOf(memory, addresses[i]!, shape));

/**
 * A user's own function as an op, forward and backward, to try a loss or a layer before it has a kernel. Any inputs, one
 * output. What it computes has the same bits everywhere only if the function keeps to + − · / and `Math.sqrt`.
 *
 * @example
 * // y = x²
 * graph.apply(external, [x], {
 *   attributes: {
 *     shape: ([x]) => x!,
 *     forward: ([x], y) => y.set(x!.map((v) => v * v)),
 *     backward: ([x], y, gradient, [dx]) => dx?.set(gradient.map((g, i) => 2 * x![i]! * g)),
 *   },
 * });
 */
export const external: Op<ExternalAttributes> = {
  name: 'external',

  shape(inputs, attributes) {
    for (const name of ['shape', 'forward'] as const)
      if (typeof attributes[name] !== 'function')
        throw new ShapeError(`external: ${name} must be a function, got ${typeof attributes[name]}`);
    if (inputs.length === 0) throw new ShapeError('external: takes 1 input or more, got 0');
    const shape = attributes.shape(inputs);
    if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size > 0))
      throw new ShapeError(
        `external: shape must give whole numbers above 0 for ${inputs.map(formatShape).join(' ')}, gave ${JSON.stringify(shape)}`,
      );
    return shape;
  },

  seen: () => 'everything',

  forward(_, site, at, { memory }) {
    const output = new Float32Array(elementsOf(site.output));
    site.attributes.forward(copiesOf(memory, site, at.inputs), output);
    memory.f32(at.output, output.length).set(output);
  },

  backward: {
    reads({ attributes }) {
      if (!attributes.backward)
        throw new InputError('external: this one was made without `backward`, so it has no gradient');
      return ['inputs', 'output'];
    },
    run(_, site, at, { memory }) {
      const gradients = site.inputs.map((shape, i) =>
        at.inputGradients[i] ? new Float32Array(elementsOf(shape)) : undefined,
      );
      site.attributes.backward!(
        copiesOf(memory, site, at.inputs),
        copyOf(memory, at.output, site.output),
        copyOf(memory, at.outputGradient, site.output),
        gradients,
      );
      for (const [i, gradient] of gradients.entries())
        if (gradient) memory.f32(at.inputGradients[i]!, gradient.length).set(gradient);
    },
  },
};
