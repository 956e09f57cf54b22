import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { Film, filmSize, frameSteps } from '../../src/cli/film/film.ts';
import { TimeLeft } from '../../src/cli/stylize/bar.ts';
import { InputError } from '../../src/core/errors.ts';
import { decodeImage } from '../../src/image/decode.ts';

const plain = (width: number, height: number, rgb: readonly [number, number, number]) => {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < data.length; i += 4) data.set(rgb, i);
  return { data, width, height };
};
const red = [200, 30, 10] as const;
const blue = [10, 40, 220] as const;

/** A film of a small red picture and a blue one. */
async function filmed(name: string): Promise<Uint8Array> {
  const film = await Film.open(name, { width: 12, height: 9 });
  await film.add(plain(6, 5, red));
  await film.add(plain(12, 9, blue));
  return film.finish();
}

describe('a film', () => {
  it.each(['a.gif', 'a.webp'])('as %s shows its frames in turn, again and again', async (name) => {
    const bytes = await filmed(name);
    expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({
      pages: 2,
      width: 12,
      pageHeight: 9,
      loop: 0,
      delay: [80, 2000],
    });
    for (const [page, colour] of [red, blue].entries()) {
      const { data } = await sharp(bytes, { page }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      for (const [c, value] of colour.entries()) expect(Math.abs(data[c]! - value)).toBeLessThan(9);
    }
  });

  it('as a PNG holds its frames behind the last one, which other programs show', async () => {
    const bytes = await filmed('a.PNG');
    expect((await decodeImage(bytes)).data).toEqual(plain(12, 9, blue).data);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const chunks: { type: string; at: number; length: number }[] = [];
    for (let at = 8; at < bytes.length; at += view.getUint32(at) + 12)
      chunks.push({
        type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)),
        at: at + 8,
        length: view.getUint32(at),
      });
    expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'acTL', 'IDAT', 'fcTL', 'fdAT', 'fcTL', 'fdAT', 'IEND']);
    const of = (type: string) => chunks.filter((chunk) => chunk.type === type).map(({ at }) => at);
    expect([view.getUint32(of('acTL')[0]!), view.getUint32(of('acTL')[0]! + 4)]).toEqual([2, 0]);
    const sequence = [...of('fcTL'), ...of('fdAT')].map((at) => view.getUint32(at));
    expect(sequence).toEqual([0, 2, 1, 3]);
    expect(of('fcTL').map((at) => view.getUint16(at + 20))).toEqual([80, 2000]);
    // A frame's data are those of a picture of its own.
    const [still] = chunks.filter(({ type }) => type === 'IDAT');
    expect(still!.length).toBe(chunks.filter(({ type }) => type === 'fdAT')[1]!.length - 4);
  });

  it('is of at most 640 pixels, and says which files it can be', async () => {
    expect(filmSize({ width: 2000, height: 1500 })).toEqual({ width: 640, height: 480 });
    expect(filmSize({ width: 300, height: 200 })).toEqual({ width: 300, height: 200 });
    await expect(Film.open('a.mov', { width: 1, height: 1 })).rejects.toThrow(InputError);
  });

  it('has every step of a short painting, and of a long one more of its beginning', () => {
    expect([...frameSteps(5)]).toEqual([1, 2, 3, 4, 5]);
    const long = [...frameSteps(500)];
    expect(long).toHaveLength(40);
    expect(long.slice(0, 5)).toEqual([1, 2, 3, 5, 8]);
    expect(long.at(-1)).toBe(500);
  });
});

describe('TimeLeft', () => {
  it('knows that larger levels take longer', () => {
    const left = new TimeLeft([10, 5], 0);
    const at = (iteration: number, level: number, now: number) => left.after({ iteration, of: 15, level }, now);
    // The first step took 3 s with all preparations, the others 1 s each.
    expect(at(1, 1, 3000)).toBeCloseTo(3 * 9 + 3 * 4 * 5);
    expect(at(2, 1, 4000)).toBeCloseTo(8 + 4 * 5);
    for (let i = 3; i <= 10; i++) at(i, 1, 1000 * (i + 2));
    expect(at(11, 2, 17000)).toBeCloseTo(4 * 4);
    expect(at(12, 2, 20000)).toBeCloseTo(3 * 3);
    expect(at(15, 2, 23000)).toBe(0);
  });

  it('goes on in the middle of a level', () => {
    const left = new TimeLeft([10, 5], 0);
    left.after({ iteration: 12, of: 15, level: 2 }, 5000);
    expect(left.after({ iteration: 13, of: 15, level: 2 }, 7000)).toBeCloseTo(2 * 2);
  });
});
