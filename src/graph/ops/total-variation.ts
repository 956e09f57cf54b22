import { ShapeError } from '../../core/errors.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';

export interface TotalVariationAttributes {
  /** Default `'squared'`. */
  readonly form?: 'squared' | 'absolute' | 'exponent' | 'johnson';
  /** β of form `'exponent'`, at least 1. */
  readonly exponent?: number;
}

/** How the kernel is told a form; `crop`: without the last place of each axis. */
interface Form {
  readonly code: number;
  readonly factor: number;
  readonly crop: boolean;
}

const forms: Readonly<Record<string, Form>> = {
  squared: { code: 0, factor: 1, crop: false },
  absolute: { code: 1, factor: 1, crop: false },
  exponent: { code: 2, factor: 1, crop: false },
  johnson: { code: 0, factor: 1 / 2, crop: true },
};

/** Axes that a shape of each rank has, as the kernel is told them: 1 for w, 2 for h, 4 for d. */
const AXES: Readonly<Record<number, number>> = { 3: 1, 4: 3, 5: 7 };

type Arguments = [
  batch: number,
  d: number,
  h: number,
  w: number,
  c: number,
  form: number,
  exponent: number,
  crop: number,
];

const formOf = ({ attributes }: Site<TotalVariationAttributes>): Form => forms[attributes.form ?? 'squared']!;

function argumentsOf(site: Site<TotalVariationAttributes>): Arguments {
  const x: Shape = site.inputs[0]!;
  const [d, h, w] = [1, 1, ...x.slice(1, -1)].slice(-3) as [number, number, number];
  const { code, crop } = formOf(site);
  return [x[0]!, d, h, w, x.at(-1)!, code, site.attributes.exponent ?? 2, crop ? AXES[x.length]! : 0];
}

/**
 * Total variation of pictures, sound or volumes: differences between neighbours along each spatial axis, summed over
 * everything, in float64. Input [N, …spatial, C], output [1].
 *
 * squared: Σ dx² + dy² · absolute: Σ |dx| + |dy| · exponent: Σ (dx² + dy²)^(β/2), Mahendran & Vedaldi 2015 ·
 * johnson: ½ Σ dx² + dy² without the last row and column, whose gradient is that of jcjohnson/neural-style.
 */
export const totalVariation: Op<TotalVariationAttributes> = {
  name: 'totalVariation',
  binary: learning,

  shape(inputs, { form = 'squared', exponent }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || !(x.length in AXES))
      throw new ShapeError(
        `totalVariation: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${inputs.map(formatShape).join(' ')}`,
      );
    if (!Object.hasOwn(forms, form))
      throw new ShapeError(`totalVariation: form must be one of ${Object.keys(forms).join(', ')}, got ${form}`);
    const needed = form === 'exponent';
    if (needed ? !(exponent! >= 1 && exponent! < Number.POSITIVE_INFINITY) : exponent !== undefined)
      throw new ShapeError(
        `totalVariation: exponent must be ${needed ? 'a number of at least 1' : `absent with form ${form}`}, got ${exponent}`,
      );
    return [1];
  },

  forward(kernels, site, at, { memory }) {
    const sum = kernels.f32_total_variation(at.inputs[0]!, ...argumentsOf(site));
    memory.f32(at.output, 1)[0] = formOf(site).factor * sum;
  },

  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at, { memory }) {
      const scale = formOf(site).factor * memory.f32(at.outputGradient, 1)[0]!;
      kernels.f32_total_variation_gradient(at.inputGradients[0]!, at.inputs[0]!, ...argumentsOf(site), scale);
    },
  },
};
