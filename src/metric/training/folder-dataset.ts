import { ImageError, InputError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Shape } from '../../core/shape.ts';
import { readImage } from '../../image/read.ts';
import { resample } from '../../image/resample.ts';
import { classesOf, type Dataset } from './dataset.ts';
import { type ImageFile, listImages } from './image-files.ts';

export interface FolderOptions {
  /** Pictures are brought to this side, or [height, width]. Default: they must all have one size, and keep it. */
  readonly size?: number | readonly [number, number];
  /** 3: red, green and blue. 1: luminance. Default: 3. */
  readonly channels?: 1 | 3;
  /** Values are (v − mean) / divisor of 0 … 255. Default: 0 and 255. For dark ink on white to be 1 on 0: 255 and −255. */
  readonly mean?: number;
  readonly divisor?: number;
  /** A picture that cannot be read: an error, or listed in `unreadable` and left out. Default: `'fail'`. */
  readonly unreadable?: 'fail' | 'skip';
  readonly signal?: AbortSignal;
  /** Told after each file. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface FolderDataset extends Dataset {
  /** Path of each example, by its number. */
  readonly files: readonly string[];
  /** Pictures that could not be read, and why. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** Pictures that their class holds already, which are left out. */
  readonly repeated: readonly string[];
}

/**
 * Classes of pictures from folders: each folder that holds pictures is a class, called by its path below the folder that
 * was named (`ada`, `Greek/character01`). Of several folders, classes of one name become one. Every picture is decoded
 * once and kept as bytes.
 *
 * @throws InputError where there are no pictures, one lies in no class, sizes differ and no `size` was asked for, or two
 * classes hold the same picture: then one of them is the other one under another name, or a mistake; ImageError naming
 * the file that cannot be read. An aborted signal's reason.
 */
export async function folderDataset(
  folders: string | readonly string[],
  options: FolderOptions = {},
): Promise<FolderDataset> {
  const { channels = 3, mean = 0, divisor = 255, unreadable: whatThen = 'fail', size, signal, onProgress } = options;
  checkOptions(options);
  const roots = typeof folders === 'string' ? [folders] : folders;
  const images = (await Promise.all(roots.map(listImages))).flat();
  if (images.length === 0) throw new InputError(`folderDataset: there are no pictures in ${roots.join(', ')}`);

  const unreadable: { path: string; reason: string }[] = [];
  const repeated: string[] = [];
  const kept: (ImageFile & { readonly bytes: Uint8Array })[] = [];
  const owners = new Map<string, ImageFile>();
  let shape = typeof size === 'number' ? [size, size, channels] : size && [...size, channels];
  let first = '';
  for (const [done, image] of images.entries()) {
    signal?.throwIfAborted();
    try {
      const picture = await readImage(image.path);
      shape ??= [picture.height, picture.width, channels];
      first ||= image.path;
      if (size === undefined && (picture.height !== shape[0] || picture.width !== shape[1]))
        throw new InputError(
          `folderDataset: pictures must have one size, ${image.path} is ${picture.width} × ${picture.height} and ${first} ${shape[1]} × ${shape[0]}; pass \`size\` to bring them to one`,
        );
      const bytes = resample(picture, [shape[0]!, shape[1]!], channels);
      const hash = sha256(bytes);
      const owner = owners.get(hash);
      if (owner && owner.class !== image.class)
        throw new InputError(
          `folderDataset: classes "${owner.class}" and "${image.class}" hold the same picture, ${owner.path} and ${image.path}`,
        );
      if (owner) repeated.push(image.path);
      else {
        owners.set(hash, image);
        kept.push({ ...image, bytes });
      }
    } catch (error) {
      if (!(error instanceof ImageError) || whatThen === 'fail') throw error;
      unreadable.push({ path: image.path, reason: error.message });
    }
    onProgress?.(done + 1, images.length);
  }
  if (kept.length === 0)
    throw new InputError(`folderDataset: none of ${images.length} pictures can be read; ${unreadable[0]!.reason}`);
  const values = Float32Array.from({ length: 256 }, (_, v) => (v - mean) / divisor);
  return {
    shape: shape as Shape,
    classes: classesOf(kept.map((image) => image.class)),
    size: kept.length,
    files: kept.map(({ path }) => path),
    unreadable,
    repeated,
    read(example, into) {
      const { bytes } = kept[example]!;
      for (let i = 0; i < bytes.length; i++) into[i] = values[bytes[i]!]!;
    },
  };
}

function checkOptions({ size, channels = 3, mean = 0, divisor = 255, unreadable = 'fail' }: FolderOptions): void {
  const sizes = typeof size === 'number' ? [size, size] : size;
  if (sizes && !(sizes.length === 2 && sizes.every((side) => Number.isInteger(side) && side > 0)))
    throw new InputError(`folderDataset: size must be whole numbers of at least 1, got ${JSON.stringify(size)}`);
  if (channels !== 1 && channels !== 3) throw new InputError(`folderDataset: channels must be 1 or 3, got ${channels}`);
  if (!Number.isFinite(mean) || !Number.isFinite(divisor) || divisor === 0)
    throw new InputError(`folderDataset: mean and divisor must be finite, divisor not 0, got ${mean} and ${divisor}`);
  if (unreadable !== 'fail' && unreadable !== 'skip')
    throw new InputError(`folderDataset: unreadable must be 'fail' or 'skip', got ${JSON.stringify(unreadable)}`);
}
