import { InputError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { RgbaImage } from '../image/image.ts';
import { resample } from '../image/resample.ts';
import type { PictureSize } from '../models/feature-network.ts';
import { grown, withMargin } from './margin.ts';
import { networkPicture, toRgba } from './picture.ts';

/**
 * What a mask multiplies the positions of each layer by (Gatys et al. 2017, guided Gram matrices): its luminance, white 1
 * and black 0, made as small as the layer (means of what lies around), over its root mean square there:
 *
 *     m[p] = t[p] / √(Σ t² / (h · w)),    G[k,k′] = Σ_p m[p]² a[p,k] a[p,k′] / (h · w) = Σ t² a a′ / Σ t²
 *
 * so that the Gram matrix of a part does not depend on how large the part is.
 *
 * @param who What errors call the mask.
 * @param shapes Of the layers, [1,h,w,C].
 * @throws InputError where the mask leaves nothing of a layer
 */
export function layerMasks(
  who: string,
  mask: RgbaImage,
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, Float32Array> {
  return new Map(
    Array.from(shapes, ([layer, shape]) => {
      const [, h, w] = shape as [number, number, number, number];
      const shown = resample(mask, [h, w], 1);
      const squares = shown.reduce((sum, t) => sum + t * t, 0);
      if (squares === 0) throw new InputError(`${who}: it is black, or leaves nothing of layer ${layer}, ${w} × ${h}`);
      const root = Math.sqrt(squares / (h * w));
      return [layer, Float32Array.from(shown, (t) => t / root)];
    }),
  );
}

/** A mask as large as the result, mirrored into the margin. */
export const marginMask = (mask: RgbaImage, size: PictureSize, margin: number): RgbaImage =>
  toRgba(withMargin(networkPicture(mask, size, 1).values, size, 1, margin), grown(size, margin), 1);
