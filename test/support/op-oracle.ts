import { expect } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import type { Op } from '../../src/graph/op.ts';
import { centralDifference } from './central-difference.ts';
import { magnitudesOf, relativeError } from './compare.ts';
import { randomArray } from './random.ts';
import { runGradient } from './run-gradient.ts';
import type { Tensor } from './run-op.ts';

/** An op's tensors by name: its inputs as x0, x1, …, its parameters by role. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** An op as it is defined, in float64. */
export interface OpOracle<A = object> {
  forward(tensors: Tensors, attributes: A): Float64Array;
  /** Gradients of ⟨gradient, forward(tensors)⟩ in the tensors that have one. */
  gradients(tensors: Tensors, attributes: A, gradient: ArrayLike<number>): Readonly<Record<string, Float64Array>>;
}

/** Seeded values in −1..1. */
export const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

export const mapTensors = (tensors: Tensors, map: (value: number) => number): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float64Array.from(values, map) },
    ]),
  );

const isInput = (name: string): boolean => /^x\d$/.test(name);

/**
 * Runs an op forward and backward: the largest error of its values and gradients, each over its largest value, or over
 * the largest of the same sums where they do not cancel.
 *
 * @param unsigned Tensors of the same magnitudes for which no sum of the op cancels.
 */
export function errorOfOp<A extends object>(
  op: Op<A>,
  oracle: OpOracle<A>,
  tensors: Tensors,
  attributes: A,
  unsigned: Tensors = mapTensors(tensors, Math.abs),
): number {
  const inputs = Object.entries(tensors).flatMap(([name, t]) => (isInput(name) ? [t] : []));
  const parameters = Object.fromEntries(Object.entries(tensors).filter(([name]) => !isInput(name)));
  const { values, gradient, gradients } = runGradient(op, inputs, attributes, parameters);
  const expected = oracle.gradients(tensors, attributes, gradient);
  const magnitudes = oracle.gradients(unsigned, attributes, magnitudesOf(gradient));
  const errors = Object.entries(expected).map(([name, values]) =>
    relativeError({ ...gradients.nodes, ...gradients.parameters }[name]!, values, magnitudes[name]),
  );
  const forward = oracle.forward(tensors, attributes);
  return Math.max(relativeError(values, forward, oracle.forward(unsigned, attributes)), ...errors);
}

/** Fails where the gradients of an oracle are not those of its values. */
export function expectTrueGradients<A>(oracle: OpOracle<A>, tensors: Tensors, attributes: A): void {
  const gradient = randomArray(oracle.forward(tensors, attributes).length, 7);
  const dot = (y: Float64Array): number => y.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
  for (const [name, values] of Object.entries(oracle.gradients(tensors, attributes, gradient))) {
    const at = (x: Float64Array): Tensors => ({ ...tensors, [name]: { ...tensors[name]!, values: x } });
    const numeric = centralDifference((x) => dot(oracle.forward(at(x), attributes)), tensors[name]!.values);
    // What cancels leaves about 1e-16 of the values over the step.
    const floor = 1e-8 * Math.max(1, ...numeric.map(Math.abs));
    for (const [i, value] of values.entries())
      expect(Math.abs(value - numeric[i]!), `gradient in ${name}[${i}]`).toBeLessThan(floor);
  }
}
