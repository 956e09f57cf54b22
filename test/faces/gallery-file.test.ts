import { describe, expect, it } from 'vitest';
import { EmbeddingError, GalleryError } from '../../src/faces/errors.ts';
import { Gallery } from '../../src/faces/gallery.ts';
import { writeGallery } from '../../src/faces/gallery-file.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { randomFrom } from '../support/random.ts';
import { encoder, identity, randomEmbedding } from './people.ts';

const sample = async (): Promise<Gallery> => {
  const gallery = new Gallery(encoder);
  await gallery.enroll('ada', [randomEmbedding(1), randomEmbedding(2)]);
  await gallery.enroll('王小明', randomEmbedding(3));
  await gallery.enroll('__proto__', randomEmbedding(4));
  return gallery;
};

describe('a gallery as bytes', () => {
  it('comes back as it was', async () => {
    const gallery = await sample();
    const bytes = gallery.toBytes();
    const again = Gallery.fromBytes(bytes, encoder);
    expect(again.list()).toEqual(gallery.list());
    for (const seed of [1, 2, 3, 4, 5])
      expect(again.match(randomEmbedding(seed))).toEqual(gallery.match(randomEmbedding(seed)));
    expect(again.toBytes()).toEqual(bytes);
  });

  it('comes back empty where it was empty, and from bytes at any offset of a buffer', async () => {
    expect(Gallery.fromBytes(new Gallery(encoder).toBytes(), encoder).size).toBe(0);
    const bytes = (await sample()).toBytes();
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(Gallery.fromBytes(shifted.subarray(3), encoder).size).toBe(3);
  });

  it('is a safetensors file that other tools read', async () => {
    const { tensors, metadata } = readSafetensors((await sample()).toBytes());
    expect(tensors.get('embeddings')!.shape).toEqual([4, 128]);
    expect(JSON.parse(metadata['facsimile.gallery']!)).toEqual({
      version: 1,
      model: identity,
      alignment: 'chip',
      people: [
        ['ada', 2],
        ['王小明', 1],
        ['__proto__', 1],
      ],
    });
  });

  it('is refused where another network, other weights or another alignment made it', async () => {
    const bytes = (await sample()).toBytes();
    const other = (change: object) => () => Gallery.fromBytes(bytes, { ...encoder, ...change });
    expect(other({ model: { ...identity, hash: 'b'.repeat(64) } })).toThrow(/aaaa.*bbbb.*enrol anew/);
    expect(other({ model: { ...identity, name: 'other' } })).toThrow(GalleryError);
    expect(other({ alignment: 'face-api' })).toThrow(/'chip'.*'face-api'/);
  });

  it('is refused at every length but its own', async () => {
    const bytes = (await sample()).toBytes();
    for (let length = 0; length < bytes.length; length++)
      expect(() => Gallery.fromBytes(bytes.slice(0, length), encoder), `${length} bytes`).toThrow(GalleryError);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => Gallery.fromBytes(longer, encoder)).toThrow(GalleryError);
  });

  it('never gives other people or numbers where any one bit has changed', async () => {
    const gallery = await sample();
    const bytes = gallery.toBytes();
    const random = randomFrom(11);
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = changed[at]! ^ (1 << Math.floor(random() * 8));
      try {
        // Spaces behind the header carry nothing: a tab in their place reads the same.
        expect(Gallery.fromBytes(changed, encoder).toBytes(), `byte ${at}`).toEqual(bytes);
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(GalleryError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(bytes.length - 16);
  });

  it('is refused where its list does not fit its embeddings, though its checksum does', () => {
    const people = [['ada', [randomEmbedding(1)]]] as const;
    const write = (change: object) => writeGallery({ model: identity, alignment: 'chip', people, ...change });
    const read = (bytes: Uint8Array) => () => Gallery.fromBytes(bytes, encoder);
    expect(read(write({}))().size).toBe(1);
    expect(read(write({ people: [...people, ...people] }))).toThrow(/incomplete/);
    expect(read(write({ people: [['ada', []]] }))).toThrow(/incomplete/);
    expect(read(write({ people: [['a\u0000', [randomEmbedding(1)]]] }))).toThrow(/an id/);
    expect(read(write({ people: [['ada', [new Float32Array(128)]]] }))).toThrow(EmbeddingError);
  });

  it('is refused where it is something else', () => {
    const tensor = { type: 'F32', shape: [1], bytes: new Uint8Array(4) } as const;
    const other = writeSafetensors(new Map([['weights', tensor]]));
    expect(() => Gallery.fromBytes(other, encoder)).toThrow(/holds something else/);
    expect(() => Gallery.fromBytes(new TextEncoder().encode('{"version":1}'), encoder)).toThrow(GalleryError);
    expect(() => Gallery.fromBytes('people' as unknown as Uint8Array, encoder)).toThrow(GalleryError);
    const future = writeSafetensors(
      new Map([['embeddings', { ...tensor, shape: [0, 128], bytes: new Uint8Array(0) }]]),
      {
        'facsimile.gallery': '{"version":2}',
      },
    );
    expect(() => Gallery.fromBytes(future, encoder)).toThrow(/checksum|format 2/);
  });
});
