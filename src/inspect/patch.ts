import type { Box, Point } from '../image/geometry.ts';
import type { Picture, RgbaImage } from '../image/image.ts';
import { type ImageSource, readImage } from '../image/read.ts';
import type { FeatureInput } from '../models/feature-network.ts';
import { boxOf, type Frame, type Framed, type FrameOptions, framed } from './frame.ts';
import type { Span } from './saliency.ts';
import type { Peak } from './top-activations.ts';

/** What finds a picture again, and how the network saw it. */
export interface PictureOrigin {
  readonly source: ImageSource;
  readonly frame: Frame;
}

/** Grey that stands for padding: what lies outside the picture. */
const PADDING = 128;

/** The part of a picture that makes a unit active. Its pixels are read again when they are asked for. */
export class Patch {
  /** The picture's name. */
  readonly image: string;
  readonly activation: number;
  /** The cell of the layer's map, [row, column]; empty where the layer has no map. */
  readonly position: readonly number[];
  /**
   * What the unit sees, in pixels of the upright original. It hangs over where the unit sees padding; along an axis on which
   * the unit sees more than the network's input, it is all that the network saw.
   */
  readonly box: Box;
  /** The middle of what the unit sees. */
  readonly centre: Point;
  /** The same in cells of the network's input. */
  readonly cells: { readonly rows: Span; readonly columns: Span };
  /** True where the unit sees the whole input. */
  readonly seesAll: boolean;
  /** The part of the picture that the network saw, its size in cells, and the picture's own. */
  readonly frame: Frame;
  readonly #source: ImageSource;
  readonly #input: FeatureInput;
  readonly #options: FrameOptions;

  constructor(peak: Peak<PictureOrigin>, input: FeatureInput, options: FrameOptions) {
    const { name, activation, position, origin, cells } = peak;
    const [rows, columns] = cells as [Span, Span];
    const { frame } = origin;
    this.image = name;
    this.activation = activation;
    this.position = position;
    this.frame = frame;
    this.cells = { rows: within(rows, frame.height), columns: within(columns, frame.width) };
    this.box = boxOf(frame, this.cells.rows, this.cells.columns);
    const seen = boxOf(frame, rows, columns);
    this.centre = { x: seen.x + seen.width / 2, y: seen.y + seen.height / 2 };
    this.seesAll = rows.size >= frame.height && columns.size >= frame.width;
    this.#source = origin.source;
    this.#input = input;
    this.#options = options;
  }

  /** The whole picture, read again. @throws ImageError where it has gone */
  read(): Promise<Picture> {
    return readImage(this.#source);
  }

  /** The patch, from the original's pixels; what lies outside is grey. @param picture what `read` gave, to save reading again */
  async crop(picture?: Picture): Promise<RgbaImage> {
    return cutOut(picture ?? (await this.read()), this.box);
  }

  /** The picture as the network sees it. */
  async sample(picture?: Picture): Promise<Framed> {
    return framed(picture ?? (await this.read()), this.#input, this.#options);
  }
}

const within = (cells: Span, length: number): Span => (cells.size < length ? cells : { first: 0, size: length });

/** A box of the original as pixels of its own; outside of the picture is grey. */
export function cutOut(picture: Picture, box: Box): RgbaImage {
  const [x, y] = [picture.width / picture.sourceWidth, picture.height / picture.sourceHeight];
  const [left, top] = [Math.round(box.x * x), Math.round(box.y * y)];
  const width = Math.max(1, Math.round((box.x + box.width) * x) - left);
  const height = Math.max(1, Math.round((box.y + box.height) * y) - top);
  const data = new Uint8Array(width * height * 4).fill(PADDING);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  const [from, to] = [Math.max(0, left), Math.min(picture.width, left + width)];
  for (let row = Math.max(0, top); row < Math.min(picture.height, top + height) && from < to; row++) {
    const start = (row * picture.width + from) * 4;
    const line = picture.data.subarray(start, start + (to - from) * 4);
    data.set(line, ((row - top) * width + from - left) * 4);
  }
  return { data, width, height };
}
