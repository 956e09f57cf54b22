import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/core/errors.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { readImage } from '../../src/image/read.ts';
import { dataPath, hasData } from '../data.ts';

const file = (header: string, ...bytes: number[]) =>
  new Uint8Array([...header].map((character) => character.charCodeAt(0)).concat(bytes));
const rgba = async (bytes: Uint8Array, options?: Parameters<typeof decodeImage>[1]) => {
  const { data, ...size } = await decodeImage(bytes, options);
  return { ...size, data: [...data] };
};

describe('PGM and PPM', () => {
  it('of 8 bits are taken as they are', async () => {
    expect(await rgba(file('P5\n2 1\n255\n', 7, 200))).toEqual({
      width: 2,
      height: 1,
      sourceWidth: 2,
      sourceHeight: 1,
      data: [7, 7, 7, 255, 200, 200, 200, 255],
    });
    expect((await rgba(file('P6 1 2 255 ', 1, 2, 3, 4, 5, 6))).data).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('of other ranges are scaled to 0 … 255', async () => {
    expect((await rgba(file('P5\n3 1\n3\n', 0, 1, 3))).data.filter((_, i) => i % 4 === 0)).toEqual([0, 85, 255]);
    expect((await rgba(file('P5\n2 1\n65535\n', 0x80, 0x00, 0xff, 0xff))).data.filter((_, i) => i % 4 === 0)).toEqual([
      128, 255,
    ]);
  });

  it('may have comments, and white space of any kind, and more pictures behind', async () => {
    expect(
      (await rgba(file('P5\n# a\n#b\r2\t# c\n 1\r\n255\n', 9, 8, 1, 2, 3))).data.filter((_, i) => i % 4 === 0),
    ).toEqual([9, 8]);
  });

  it('are reduced where they are larger than is wanted', async () => {
    const { width, height, sourceWidth, data } = await rgba(file('P5\n4 2\n255\n', 0, 4, 10, 10, 8, 12, 20, 20), {
      reduceAbove: 2,
    });
    expect({ width, height, sourceWidth }).toEqual({ width: 2, height: 1, sourceWidth: 4 });
    expect(data.filter((_, i) => i % 4 === 0)).toEqual([6, 15]);
  });

  it.each([
    ['truncated pixels', file('P5\n2 2\n255\n', 1, 2, 3), /asks for 4 bytes of pixels, got 3/],
    ['no size', file('P5\n', 1, 2), /expected the width/],
    ['half a header', file('P5\n12'), /expected the width/],
    ['a size of 0', file('P5\n0 3\n255\n'), /0 × 3 pixels/],
    ['a size beyond the limit', file('P6\n99999 99999\n255\n'), /more than the 100000000 of maxPixels/],
    ['a number without an end', file(`P5\n${'9'.repeat(500)} 1\n255\n`), /expected the width/],
    ['a largest value of 0', file('P5\n1 1\n0\n', 1), /in 1 … 65535, the header states 0/],
    ['a largest value beyond 16 bits', file('P5\n1 1\n70000\n', 1, 1), /in 1 … 65535/],
  ])('refuse %s', async (_, bytes, message) => {
    await expect(decodeImage(bytes)).rejects.toThrow(ImageError);
    await expect(decodeImage(bytes)).rejects.toThrow(message);
  });

  it.skipIf(!hasData)('read the ORL faces', async () => {
    const { width, height, data } = await readImage(dataPath('faces/orl/s1/1.pgm'));
    expect({ width, height }).toEqual({ width: 92, height: 112 });
    expect(data[0]).toBe(26);
  });
});
