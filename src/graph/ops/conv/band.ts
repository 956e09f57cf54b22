import { isPadded, reachOf } from '../../../core/window.ts';
import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Geometry } from './geometry.ts';

/** Padded input that a direct kernel works on at a time: a band of rows that stays in the cache. */
const BAND_BYTES = 256 * 1024;

/** A piece of the input that a direct kernel can read without bounds, and the output rows that it gives. */
export interface Band {
  /** Image of the batch, depth of the output, first output row and how many. */
  readonly image: number;
  readonly depth: number;
  readonly row: number;
  readonly rows: number;
  /** Address of the first tap of the first output, and the distances between slices, rows and pixels. */
  readonly input: number;
  readonly sliceBytes: number;
  readonly rowBytes: number;
  readonly pixelBytes: number;
}

const paddedWidth = ({ window: { x } }: Geometry): number => x.input + x.before + x.after;

function bandRows(g: Geometry): number {
  const { z, y } = g.window;
  const rowBytes = paddedWidth(g) * g.c * 4;
  const rows = Math.floor((BAND_BYTES / z.kernel / rowBytes - reachOf(y)) / y.stride) + 1;
  return Math.min(y.size, Math.max(1, rows));
}

const inputRows = ({ window: { y } }: Geometry, rows: number): number => (rows - 1) * y.stride + reachOf(y);

/** Bytes of scratch that `bandsOf` copies padded bands to. */
export const bandScratch = (g: Geometry): number =>
  isPadded(g.window) ? g.window.z.kernel * inputRows(g, bandRows(g)) * paddedWidth(g) * g.c * 4 : 0;

/** Cuts a convolution's input into bands: as it lies where nothing is padded, else copied to `scratch` with its padding. */
export function* bandsOf(kernels: Kernels, g: Geometry, input: number, scratch: number): Generator<Band> {
  const { batch, c, window } = g;
  const { z, y, x } = window;
  const padded = isPadded(window);
  const pixelBytes = c * 4;
  const planeBytes = y.input * x.input * pixelBytes;
  const width = paddedWidth(g);
  const rowBytes = width * pixelBytes;
  const most = padded ? bandRows(g) : y.size;
  const copied = inputRows(g, most);
  for (let image = 0; image < batch; image++)
    for (let depth = 0; depth < z.size; depth++) {
      const first = depth * z.stride - z.before;
      const volume = input + image * z.input * planeBytes;
      for (let row = 0; row < y.size; row += most) {
        const place = { image, depth, row, rows: Math.min(most, y.size - row), pixelBytes, rowBytes };
        if (!padded) {
          yield { ...place, input: volume + first * planeBytes, sliceBytes: z.dilation * planeBytes };
          continue;
        }
        const sliceBytes = copied * rowBytes;
        for (let tap = 0; tap < z.kernel; tap++) {
          const slice = first + tap * z.dilation;
          const inside = slice >= 0 && slice < z.input;
          const top = inside ? row * y.stride - y.before : -copied;
          const plane = inside ? volume + slice * planeBytes : volume;
          kernels.f32_pad_rows(scratch + tap * sliceBytes, plane, top, copied, y.input, x.input, c, x.before, x.after);
        }
        yield { ...place, input: scratch, sliceBytes };
      }
    }
}
