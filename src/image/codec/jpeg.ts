import { ImageError } from '../../core/errors.ts';
import type { Picture, RgbaImage } from '../image.ts';
import { checkBytes, checkSize, type Limits, reductionOf } from '../limits.ts';
import { uprightWalk } from '../orientation.ts';
import { copyIn, type JpegCodec, withJpegCodec } from './jpeg-codec.ts';
import { type JpegHeader, readJpegHeader } from './jpeg-header.ts';

/** Channels of a pixel by the codec's formats. */
const CHANNELS = [1, 3, 4];

/** An Adobe marker that states RGB or CMYK. Without one the codec takes three components for YCbCr, and refuses four. */
const ADOBE = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

/**
 * Decodes a JPEG upright, at 1/2, 1/4 or 1/8 by its DCT where it is larger than the limits want whole.
 * @throws ImageError
 */
export async function decodeJpeg(bytes: Uint8Array, limits: Limits): Promise<Picture> {
  const header = readJpegHeader(bytes);
  checkSize('jpeg', header.width, header.height, limits);
  const by = reductionOf(header.width, header.height, limits);
  checkBytes('jpeg', header.end + memoryOf(header, by), limits);
  return withJpegCodec((codec) => {
    const stated = header.unmarked ? ADOBE : ADOBE.subarray(0, 0);
    const file = copyIn(codec, bytes.subarray(0, 2), stated, bytes.subarray(2, header.end));
    const picture = codec.decode(file, header.end + stated.length, ...reducedSize(header, by));
    if (picture <= 1) throw new ImageError('jpeg: the coded data is damaged');
    return toPicture(codec, picture, header);
  });
}

/** Bytes that the codec and the picture take: coefficients of a progressive file, component planes, RGB, RGBA. */
function memoryOf({ width, height, components, progressive, planes }: JpegHeader, by: number): number {
  const pixels = width * height;
  return Math.ceil((progressive ? pixels * planes * 2 : 0) + (pixels / (by * by)) * (planes + components + 4));
}

/** The size to ask the codec for: it takes the smallest scale that is not below it in either direction. */
const reducedSize = ({ width, height }: JpegHeader, by: number): [number, number] =>
  by === 1 ? [0, 0] : [Math.ceil(width / by), Math.ceil(height / by)];

function toPicture(codec: JpegCodec, picture: number, header: JpegHeader): Picture {
  const width = codec.decode_width(picture);
  const height = codec.decode_height(picture);
  const channels = CHANNELS[codec.decode_format(picture)] ?? 0;
  const address = codec.decode_buffer(picture);
  const length = codec.wlen();
  if (channels === 0 || length !== width * height * channels)
    throw new ImageError(
      `jpeg: the codec gave ${length} bytes for ${width} × ${height} pixels of ${channels} channels`,
    );
  const pixels = new Uint8Array(codec.memory.buffer, address, length);
  const walk = uprightWalk(width, height, header.orientation);
  const data = new Uint8Array(width * height * 4);
  let out = 0;
  for (let y = 0; y < walk.height; y++) {
    let at = (walk.start + y * walk.stepY) * channels;
    const step = walk.stepX * channels;
    for (let x = 0; x < walk.width; x++, at += step, out += 4) {
      if (channels === 4) {
        // Inks as the codec hands them out: 255 is full ink.
        const light = 255 - pixels[at + 3]!;
        data[out] = ((255 - pixels[at]!) * light + 127) / 255;
        data[out + 1] = ((255 - pixels[at + 1]!) * light + 127) / 255;
        data[out + 2] = ((255 - pixels[at + 2]!) * light + 127) / 255;
      } else {
        data[out] = pixels[at]!;
        data[out + 1] = pixels[channels === 1 ? at : at + 1]!;
        data[out + 2] = pixels[channels === 1 ? at : at + 2]!;
      }
      data[out + 3] = 255;
    }
  }
  const turned = header.orientation >= 5;
  return {
    data,
    width: walk.width,
    height: walk.height,
    sourceWidth: turned ? header.height : header.width,
    sourceHeight: turned ? header.width : header.height,
  };
}

/** Encodes as baseline JPEG without chroma subsampling. @throws ImageError where the codec fails. */
export function encodeJpegPixels({ data, width, height }: RgbaImage, quality: number): Promise<Uint8Array> {
  return withJpegCodec((codec) => {
    const file = codec.encode(copyIn(codec, data), width, height, quality);
    return new Uint8Array(codec.memory.buffer, file, codec.wlen()).slice();
  });
}
