import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { EmbeddingError, UnknownPersonError } from '../../src/faces/errors.ts';
import { Gallery, type GalleryOptions } from '../../src/faces/gallery.ts';
import { embeddingAt, encoder, origin, randomEmbedding } from './people.ts';

const galleryOf = async (people: Record<string, Float32Array[]>, options?: GalleryOptions): Promise<Gallery> => {
  const gallery = new Gallery(encoder, options);
  for (const [id, examples] of Object.entries(people)) await gallery.enroll(id, examples);
  return gallery;
};

describe('Gallery', () => {
  it('recognizes the nearest person within the threshold, nobody beyond it', async () => {
    const gallery = await galleryOf({ ada: [embeddingAt(0)], grace: [embeddingAt(2)] });
    const near = gallery.match(embeddingAt(1.5));
    expect(near.id).toBe('grace');
    expect(near.distance).toBeCloseTo(0.5, 6);
    const between = gallery.match(embeddingAt(1.2));
    expect(between.id).toBeNull();
    expect(between.distance).toBeCloseTo(0.8, 6);
    expect(between.candidates.map(({ id }) => id)).toEqual(['grace', 'ada']);
  });

  it('counts a distance equal to the threshold as the same person', async () => {
    const gallery = await galleryOf({ ada: [embeddingAt(0)] });
    const { distance } = gallery.match(embeddingAt(0.5, 3));
    const exact = await galleryOf({ ada: [embeddingAt(0)] }, { threshold: distance });
    expect(exact.match(embeddingAt(0.5, 3)).id).toBe('ada');
    const below = await galleryOf({ ada: [embeddingAt(0)] }, { threshold: distance * (1 - 1e-12) });
    expect(below.match(embeddingAt(0.5, 3)).id).toBeNull();
  });

  it('recognizes nobody while it is empty', () => {
    const { id, distance, candidates } = new Gallery(encoder).match(randomEmbedding(1));
    expect(id).toBeNull();
    expect(distance).toBe(Number.POSITIVE_INFINITY);
    expect(candidates).toEqual([]);
  });

  it('makes one distance of several examples by its policy', async () => {
    // Ada's examples lie at 0 and 1, Grace's only one at 0.45: seen from 0.1, each policy has an answer of its own.
    const people = { ada: [embeddingAt(0), embeddingAt(1)], grace: [embeddingAt(0.45)] };
    const seen = embeddingAt(0.1);
    const answer = async (policy: 'min' | 'mean' | 'centroid') => (await galleryOf(people, { policy })).match(seen);
    expect((await answer('min')).candidates.map(({ id }) => id)).toEqual(['ada', 'grace']);
    expect((await answer('min')).distance).toBeCloseTo(0.1, 6);
    expect((await answer('mean')).candidates.map(({ id }) => id)).toEqual(['grace', 'ada']);
    expect((await answer('mean')).candidates[1]!.distance).toBeCloseTo(0.5, 6);
    const centroid = await answer('centroid');
    expect(centroid.id).toBe('grace');
    expect(centroid.candidates[1]!.distance).toBeCloseTo(0.4, 6);
    // Two examples on both sides of the face: their centroid is the nearest of all.
    const around = await galleryOf({ ada: [embeddingAt(0), embeddingAt(1)] }, { policy: 'centroid' });
    expect(around.match(embeddingAt(0.5)).distance).toBeCloseTo(0, 6);
    await around.enroll('ada', embeddingAt(2));
    expect(around.match(embeddingAt(1)).distance).toBeCloseTo(0, 6);
  });

  it('ranks people, not examples', async () => {
    const close = [0, 0.01, 0.02, 0.03, 0.04, 0.05].map((x) => embeddingAt(x));
    const gallery = await galleryOf({ ada: close, grace: [embeddingAt(0.3)], edith: [embeddingAt(0.5)] });
    expect(gallery.match(embeddingAt(0)).candidates.map(({ id }) => id)).toEqual(['ada', 'grace', 'edith']);
  });

  it('gives a tie to whoever was enrolled first', async () => {
    const twins = embeddingAt(0.2, 5);
    const gallery = await galleryOf({ first: [twins], second: [twins], third: [twins] });
    expect(gallery.match(twins).candidates.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
    gallery.remove('first');
    await gallery.enroll('first', twins);
    expect(gallery.match(twins).id).toBe('second');
  });

  it('lists, counts and removes people', async () => {
    const gallery = await galleryOf({ ada: [embeddingAt(0)], grace: [embeddingAt(1), embeddingAt(1.1)] });
    expect(gallery.list()).toEqual([
      { id: 'ada', examples: 1 },
      { id: 'grace', examples: 2 },
    ]);
    expect(gallery.size).toBe(2);
    expect(await gallery.enroll('ada', embeddingAt(0.1))).toEqual({ id: 'ada', examples: 2 });
    expect(gallery.remove('ada')).toBe(true);
    expect(gallery.remove('ada')).toBe(false);
    expect(gallery.match(embeddingAt(0)).id).toBeNull();
    expect(gallery.list()).toEqual([{ id: 'grace', examples: 2 }]);
  });

  it('keeps people of a thousand apart', async () => {
    const gallery = new Gallery(encoder);
    for (let person = 0; person < 1000; person++) await gallery.enroll(`p${person}`, randomEmbedding(person));
    const answer = gallery.match(embeddingAt(0.05, 7, randomEmbedding(777)));
    expect(answer.id).toBe('p777');
    expect(answer.distance).toBeCloseTo(0.05, 5);
  });

  it('verifies a claim', async () => {
    const gallery = await galleryOf({ ada: [embeddingAt(0)], grace: [embeddingAt(2)] });
    expect(await gallery.verify('ada', embeddingAt(0.4))).toMatchObject({ same: true, threshold: 0.6 });
    expect(await gallery.verify('grace', embeddingAt(0.4))).toMatchObject({ same: false });
    await expect(gallery.verify('alan', embeddingAt(0))).rejects.toThrow(UnknownPersonError);
  });

  it.each([
    ['too few numbers', new Float32Array(127).fill(0.1)],
    ['too many numbers', new Float32Array(129).fill(0.1)],
    ['none', new Float32Array(0)],
    ['NaN', embeddingAt(Number.NaN, 100)],
    ['infinity', embeddingAt(Number.POSITIVE_INFINITY, 1)],
    ['more than float32 holds', Array.from(origin(), (v) => v * 1e300)],
    ['zeros', new Float32Array(128)],
  ])('refuses an embedding of %s', async (_, embedding) => {
    const gallery = await galleryOf({ ada: [embeddingAt(0)] });
    expect(() => gallery.match(embedding)).toThrow(EmbeddingError);
    await expect(gallery.enroll('grace', embedding)).rejects.toThrow(InputError);
    await expect(gallery.verify('ada', embedding)).rejects.toThrow(InputError);
    expect(gallery.list()).toEqual([{ id: 'ada', examples: 1 }]);
  });

  it('adds none of several examples where one cannot be used', async () => {
    const gallery = new Gallery(encoder);
    await expect(gallery.enroll('ada', [embeddingAt(0), new Float32Array(3)])).rejects.toThrow(EmbeddingError);
    await expect(gallery.enroll('ada', [])).rejects.toThrow(/at least one photo/);
    expect(gallery.size).toBe(0);
  });

  it('is not changed by what a caller does to an embedding later', async () => {
    const mine = embeddingAt(0);
    const gallery = await galleryOf({ ada: [mine] });
    mine.fill(9);
    expect(gallery.match(embeddingAt(0)).distance).toBe(0);
  });

  it.each([
    ['', 'empty'],
    ['a'.repeat(257), 'too long'],
    ['a\nb', 'a line break'],
    ['\ud800', 'half a surrogate pair'],
    [7 as unknown as string, 'a number'],
    [undefined as unknown as string, 'nothing'],
  ])('refuses the id %j (%s)', async (id) => {
    await expect(new Gallery(encoder).enroll(id, embeddingAt(0))).rejects.toThrow(/an id/);
  });

  it('takes ids of any script, apart by every character', async () => {
    const gallery = await galleryOf({
      'Æsa Þórsdóttir': [embeddingAt(0)],
      王小明: [embeddingAt(3)],
      '🙂': [embeddingAt(6)],
    });
    expect(gallery.match(embeddingAt(3)).id).toBe('王小明');
    expect(gallery.match(embeddingAt(6)).id).toBe('🙂');
    await gallery.enroll('__proto__', embeddingAt(9));
    expect(gallery.match(embeddingAt(9)).id).toBe('__proto__');
  });

  it('refuses a threshold or policy that is none', () => {
    for (const threshold of [Number.NaN, -0.1, Number.POSITIVE_INFINITY, '0.6' as unknown as number])
      expect(() => new Gallery(encoder, { threshold })).toThrow(/threshold/);
    expect(() => new Gallery(encoder, { policy: 'max' as 'min' })).toThrow(/policy/);
  });
});
