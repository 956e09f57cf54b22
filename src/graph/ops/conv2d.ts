import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { formatShape, resolveWindow, type Shape, type Window, type WindowAttributes } from '../../core/shape.ts';
import type { Kernels } from '../../runtime/generated/abi.ts';
import type { Addresses, Op, Site } from '../op.ts';

export interface Conv2dAttributes extends WindowAttributes {}

type Conv2dSite = Site<Conv2dAttributes>;

const TILE_BYTES = 128;
/** Padded input that the direct kernel works on at a time: a band of rows that stays in the cache. */
const BAND_BYTES = 256 * 1024;
/** V and M of the Winograd kernel: a block of tiles that stays in the cache. */
const BLOCK_BYTES = 800 * 1024;

const windowOf = once(
  ({ inputs, parameters, attributes }: Conv2dSite): Window =>
    resolveWindow('conv2d', inputs[0]!, [parameters.filters![0]!, parameters.filters![1]!], attributes),
);

const isPadded = ({ y, x }: Window): boolean => y.before + y.after + x.before + x.after > 0;

/** Output rows of one band of the direct kernel. */
function bandRows(window: Window, width: number, channels: number): number {
  const rowBytes = (width + window.x.before + window.x.after) * channels * 4;
  const reach = (window.kernelY - 1) * window.dilationY + 1;
  const rows = Math.floor((BAND_BYTES / rowBytes - reach) / window.strideY) + 1;
  return Math.min(window.y.size, Math.max(1, rows));
}

/** Tiles that the Winograd kernel takes at a time: more where the filters are larger than a core's own cache. */
function winogradBlock(site: Conv2dSite, size: number): number {
  const [c, n] = [site.inputs[0]![3]!, site.output[3]!];
  const points = (size + 2) ** 2;
  const least = points * c * n * 4 > 2 ** 20 ? 64 : 16;
  const fitting = Math.floor(BLOCK_BYTES / (points * 4 * (c + n)));
  return Math.min(roundUp4(Math.max(least, fitting)), roundUp4(tilesOf(site.output, size)));
}

const roundUp4 = (n: number): number => Math.ceil(n / 4) * 4;
const tilesOf = ([batch, h, w]: Shape, size: number): number => batch! * Math.ceil(h! / size) * Math.ceil(w! / size);

/**
 * What a Winograd kernel costs, in multiply-accumulates of the direct one: its products, its transforms (measured at some
 * eight of them for a transformed value) and reading its filters.
 */
function winogradCost({ inputs, output }: Pick<Conv2dSite, 'inputs' | 'output'>, size: number): number {
  const [c, n] = [inputs[0]![3]!, output[3]!];
  const points = (size + 2) ** 2;
  const tiles = tilesOf(output, size);
  return points * (roundUp4(tiles) * c * n + 8 * tiles * (c + n) + 2 * c * n);
}

const macsOf = ({ output, parameters }: Pick<Conv2dSite, 'output' | 'parameters'>): number => {
  const [kh, kw, c, n] = parameters.filters!;
  return output[0]! * output[1]! * output[2]! * kh! * kw! * c! * n!;
};

const winogradSize = (kernel: string): number => (kernel === 'winograd_4x4' ? 4 : kernel === 'winograd_2x2' ? 2 : 0);

/**
 * 2D convolution (cross-correlation, as networks mean it), channels last:
 * y[b,i,j,n] = Σ x[b, i·s + p·d − before, j·s + q·d − before, c] · filters[p,q,c,n] + bias[n].
 * Input [N,H,W,C], filters [kh,kw,C,Co], bias [Co].
 *
 * Kernels: `gemm_1x1` · `winograd_4x4` and `winograd_2x2` (3×3, stride 1, channels in fours) · `direct` for all else.
 */
export const conv2d: Op<Conv2dAttributes> = {
  name: 'conv2d',
  roles: ['filters', 'bias?'],
  activates: true,

  shape(inputs, attributes, parameters) {
    const filters = parameters.filters!;
    const x = inputs[0];
    if (inputs.length !== 1 || x?.length !== 4)
      throw new ShapeError(`conv2d: input must be one [N,H,W,C], got ${inputs.map(formatShape).join(' ')}`);
    if (filters.length !== 4) throw new ShapeError(`conv2d: filters must be [kh,kw,C,Co], got ${formatShape(filters)}`);
    if (x[3] !== filters[2])
      throw new ShapeError(
        `conv2d: input has ${x[3]} channels, filters expect ${filters[2]} (input ${formatShape(x)}, filters ${formatShape(filters)})`,
      );
    const { bias } = parameters;
    if (bias && (bias.length !== 1 || bias[0] !== filters[3]))
      throw new ShapeError(`conv2d: bias must be [${filters[3]}], got ${formatShape(bias)}`);
    const window = resolveWindow('conv2d', x, [filters[0]!, filters[1]!], attributes);
    return [x[0]!, window.y.size, window.x.size, filters[3]!];
  },

  kernel(site) {
    const window = windowOf(site);
    const { kernelY, kernelX, strideY, strideX, dilationY, dilationX } = window;
    const [c, n] = [site.inputs[0]![3]!, site.output[3]!];
    if (strideY === 1 && strideX === 1) {
      if (kernelY === 1 && kernelX === 1 && !isPadded(window)) return 'gemm_1x1';
      if (kernelY === 3 && kernelX === 3 && dilationY === 1 && dilationX === 1 && c % 4 === 0 && n % 8 === 0) {
        const costs = {
          direct: macsOf(site),
          winograd_4x4: winogradCost(site, 4),
          winograd_2x2: winogradCost(site, 2),
        };
        return Object.entries(costs).reduce((best, other) => (other[1] < best[1] ? other : best))[0];
      }
    }
    return 'direct';
  },

  macs: macsOf,

  scratch(site) {
    const size = winogradSize(site.kernel);
    const c = site.inputs[0]![3]!;
    if (size > 0) {
      const points = (size + 2) ** 2;
      return points * (winogradBlock(site, size) * (c + site.output[3]!) + c) * 4 + 36 * 16;
    }
    const window = windowOf(site);
    if (site.kernel === 'gemm_1x1' || !isPadded(window)) return TILE_BYTES;
    const width = site.inputs[0]![2]!;
    const rows = (bandRows(window, width, c) - 1) * window.strideY + (window.kernelY - 1) * window.dilationY + 1;
    return TILE_BYTES + rows * (width + window.x.before + window.x.after) * c * 4;
  },

  weights: {
    channels: (site) => site.output[3]!,
    packedBytes(site) {
      const [kh, kw, c, n] = site.parameters.filters!;
      const size = winogradSize(site.kernel);
      return (size > 0 ? (size + 2) ** 2 : kh! * kw!) * c! * Math.ceil(n! / 8) * 8 * 4;
    },
    pack(kernels, site, packed, filters, scratch) {
      const [kh, kw, c, n] = site.parameters.filters!;
      const size = winogradSize(site.kernel);
      if (size > 0) kernels.f32_winograd_filter(packed, filters, scratch, c!, n!, size);
      else kernels.f32_gemm_pack(packed, filters, kh! * kw! * c!, n!, n! * 4);
    },
  },

  forward(kernels, site, at) {
    const size = winogradSize(site.kernel);
    if (size > 0) forwardWinograd(kernels, site, at, size);
    else if (site.kernel === 'gemm_1x1') forwardGemm(kernels, site, at);
    else forwardDirect(kernels, site, at);
  },
};

function forwardWinograd(kernels: Kernels, site: Conv2dSite, at: Addresses, size: number): void {
  const [batch, h, w, c] = site.inputs[0]!;
  const [, outH, outW, n] = site.output;
  const { y, x } = windowOf(site);
  const { slope, lo, hi } = site.activation;
  const block = winogradBlock(site, size);
  kernels.f32_winograd_conv2d(
    at.output,
    at.inputs[0]!,
    at.weights,
    at.bias,
    at.scratch,
    batch!,
    h!,
    w!,
    c!,
    n!,
    y.before,
    x.before,
    outH!,
    outW!,
    size,
    block,
    slope,
    lo,
    hi,
  );
}

function forwardGemm(kernels: Kernels, site: Conv2dSite, at: Addresses): void {
  const [batch, h, w, c] = site.inputs[0]!;
  const n = site.output[3]!;
  const { slope, lo, hi } = site.activation;
  kernels.f32_gemm_4x8(
    at.output,
    at.inputs[0]!,
    at.weights,
    at.bias,
    at.scratch,
    batch! * h! * w!,
    n,
    c!,
    n * 4,
    c! * 4,
    slope,
    lo,
    hi,
  );
}

function forwardDirect(kernels: Kernels, site: Conv2dSite, at: Addresses): void {
  const [batch, h, w, c] = site.inputs[0]!;
  const [, outH, outW, n] = site.output;
  const window = windowOf(site);
  const { kernelY, kernelX, strideY, strideX, dilationY, dilationX, y, x } = window;
  const { slope, lo, hi } = site.activation;
  const padded = isPadded(window);
  const band = padded ? bandRows(window, w!, c!) : outH!;
  const width = w! + x.before + x.after;
  const rows = (band - 1) * strideY + (kernelY - 1) * dilationY + 1;
  for (let b = 0; b < batch!; b++) {
    const image = at.inputs[0]! + b * h! * w! * c! * 4;
    for (let first = 0; first < outH!; first += band) {
      const count = Math.min(band, outH! - first);
      if (padded)
        kernels.f32_pad_rows(
          at.scratch + TILE_BYTES,
          image,
          first * strideY - y.before,
          rows,
          h!,
          w!,
          c!,
          x.before,
          x.after,
        );
      const output = at.output + (b * outH! + first) * outW! * n! * 4;
      kernels.f32_conv2d_direct(
        output,
        padded ? at.scratch + TILE_BYTES : image,
        at.weights,
        at.bias,
        at.scratch,
        count,
        outW!,
        n!,
        kernelY,
        kernelX,
        c!,
        n! * 4,
        width * c! * 4,
        c! * 4,
        strideY,
        strideX,
        dilationY,
        dilationX,
        slope,
        lo,
        hi,
      );
    }
  }
}
