import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import type { Kernels } from '../../runtime/generated/abi.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Memory } from '../../runtime/memory.ts';
import type { Op, Site } from '../op.ts';
import { checkWholeNumbers } from './metric/data.ts';
import { checkRandom, type RandomAttributes, randomKey } from './random-key.ts';

export interface DropoutAttributes extends RandomAttributes {
  /** The share of elements that are dropped, from 0 to below 1. */
  readonly rate: number;
  /**
   * True: elements are dropped in every plan. False: in none. Default: in plans whose backward pass goes through the op,
   * and the identity in others.
   */
  readonly train?: boolean;
}

const STATES = 2 ** 32;
const KEY_BYTES = 8;

/** out = x · mask / (1 − rate), the mask of the run whose seed and step lie at `key`. */
function drop(
  kernels: Kernels,
  memory: Memory,
  site: Site<DropoutAttributes>,
  out: number,
  x: number,
  key: number,
): void {
  const { rate } = site.attributes;
  const mixed = randomKey(kernels, memory, key, site.attributes);
  const threshold = Math.floor(rate * STATES);
  kernels.f32_dropout(out, x, elementsOf(site.output), mixed, threshold, STATES / (STATES - threshold));
}

/**
 * Dropout (Srivastava et al. 2014), inverted: y = x / (1 − rate) for the elements that stay and x · 0 for the others, so that
 * the mean stays what it was. Which ones stay is a function of (seed, step, stream, element): any run can be repeated, on
 * any engine. Inputs: x of any shape, and [2]: seed and step, whole numbers from 0 to 2²⁴, the step another at each run.
 */
export const dropout: Op<DropoutAttributes> = {
  name: 'dropout',
  binary: learning,
  inPlace: true,

  shape(inputs, attributes) {
    const [x, key] = inputs;
    const { rate } = attributes;
    if (inputs.length !== 2)
      throw new ShapeError(
        `dropout: takes a tensor and [2], seed and step, got ${inputs.map(formatShape).join(' and ')}`,
      );
    if (!(rate >= 0 && rate < 1)) throw new ShapeError(`dropout: rate must lie from 0 to below 1, got ${rate}`);
    checkRandom('dropout', key, attributes);
    return x!;
  },

  forward(kernels, site, { inputs, output, state }, { memory }) {
    const [x, key] = inputs as [number, number];
    checkWholeNumbers('dropout: seed and step', memory, key, 2, 0);
    if (state) memory.f32(state, 2).set(memory.f32(key, 2));
    if (state || site.attributes.train) drop(kernels, memory, site, output, x, key);
    else if (output !== x) kernels.f32_copy_rows(output, x, 1, elementsOf(site.output), 0, 0);
  },

  backward: {
    inPlace: true,
    state: ({ attributes }) => (attributes.train === false ? 0 : KEY_BYTES),
    run(kernels, site, { inputGradients, outputGradient, state }, { memory }) {
      const [dx, ofKey] = inputGradients;
      if (dx && state) drop(kernels, memory, site, dx, outputGradient, state);
      else if (dx) kernels.f32_copy_rows(dx, outputGradient, 1, elementsOf(site.output), 0, 0);
      if (ofKey) memory.f32(ofKey, 2).fill(0);
    },
  },
};
