import { resolveWindow, type Window, type WindowAttributes, type WindowAxis } from '../../src/core/window.ts';
import type { OpOracle, Tensors } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

export interface ConvolutionCase {
  readonly x: Tensor;
  readonly filters: Tensor;
  readonly window: Window;
  readonly groups: number;
}

/** Calls `visit` with the flat indices of every product x · filters → y of a convolution, by its definition. */
function eachProduct(
  { x, filters, window, groups }: ConvolutionCase,
  visit: (x: number, w: number, y: number) => void,
): void {
  const [batch, c, n] = [x.shape[0]!, x.shape.at(-1)!, filters.shape.at(-1)!];
  const { z, y: v, x: u } = window;
  const at = (axis: WindowAxis, i: number, tap: number): number => i * axis.stride + tap * axis.dilation - axis.before;
  const inside = (axis: WindowAxis, i: number): boolean => i >= 0 && i < axis.input;
  const [cg, ng] = [c / groups, n / groups];
  for (let b = 0; b < batch; b++)
    for (let oz = 0; oz < z.size; oz++)
      for (let oy = 0; oy < v.size; oy++)
        for (let ox = 0; ox < u.size; ox++)
          for (let kz = 0; kz < z.kernel; kz++)
            for (let ky = 0; ky < v.kernel; ky++)
              for (let kx = 0; kx < u.kernel; kx++) {
                const [iz, iy, ix] = [at(z, oz, kz), at(v, oy, ky), at(u, ox, kx)];
                if (!inside(z, iz) || !inside(v, iy) || !inside(u, ix)) continue;
                const pixel = ((b * z.input + iz) * v.input + iy) * u.input + ix;
                const tap = (kz * v.kernel + ky) * u.kernel + kx;
                const place = ((b * z.size + oz) * v.size + oy) * u.size + ox;
                for (let o = 0; o < n; o++)
                  for (let i = 0; i < cg; i++)
                    visit(pixel * c + Math.floor(o / ng) * cg + i, (tap * cg + i) * n + o, place * n + o);
              }
}

const outputElements = ({ x, filters, window: { z, y, x: u } }: ConvolutionCase): number =>
  x.shape[0]! * z.size * y.size * u.size * filters.shape.at(-1)!;

/** y = x ∗ filters + bias, in float64. */
export function convolution(c: ConvolutionCase, bias?: ArrayLike<number>): Float64Array {
  const n = c.filters.shape.at(-1)!;
  const y = Float64Array.from({ length: outputElements(c) }, (_, i) => bias?.[i % n] ?? 0);
  eachProduct(c, (xi, wi, yi) => {
    y[yi] = y[yi]! + c.x.values[xi]! * c.filters.values[wi]!;
  });
  return y;
}

/** Gradients of ⟨gradient, x ∗ filters + bias⟩, in float64. */
export function convolutionGradients(c: ConvolutionCase, gradient: ArrayLike<number>) {
  const n = c.filters.shape.at(-1)!;
  const x = new Float64Array(c.x.values.length);
  const filters = new Float64Array(c.filters.values.length);
  const bias = new Float64Array(n);
  eachProduct(c, (xi, wi, yi) => {
    x[xi] = x[xi]! + gradient[yi]! * c.filters.values[wi]!;
    filters[wi] = filters[wi]! + gradient[yi]! * c.x.values[xi]!;
  });
  for (let i = 0; i < gradient.length; i++) bias[i % n] = bias[i % n]! + gradient[i]!;
  return { x, filters, bias };
}

/** A depthwise convolution is one in as many groups as there are channels. */
function depthwiseCase({ x0, filters }: Tensors, attributes: WindowAttributes): ConvolutionCase {
  const [kernel, c] = [filters!.shape.slice(0, -2), filters!.shape.at(-2)!];
  const window = resolveWindow('depthwiseConv', x0!.shape, kernel, attributes);
  return { x: x0!, filters: { ...filters!, shape: [...kernel, 1, c] }, window, groups: c };
}

export const depthwiseConvOracle: OpOracle<WindowAttributes> = {
  forward: (tensors, attributes) => convolution(depthwiseCase(tensors, attributes), tensors.bias?.values),
  gradients(tensors, attributes, gradient) {
    const { x, filters, bias } = convolutionGradients(depthwiseCase(tensors, attributes), gradient);
    return { x0: x, filters, ...(tensors.bias && { bias }) };
  },
};
