import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddingError, GalleryError, SeveralFacesError } from '../../src/faces/errors.ts';
import type { Faces } from '../../src/faces/faces.ts';
import { loadFaces } from '../../src/faces/load.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';

const group = faceApiPath('demo/sample1.jpg');
const person = (name: string, number: number): string =>
  dataPath(`faces/lfw250/${name}/${name}_${String(number).padStart(4, '0')}.jpg`);
const people = ['George_W_Bush', 'Tony_Blair', 'Gerhard_Schroeder', 'Colin_Powell', 'Hugo_Chavez', 'Vladimir_Putin'];

describe('faces', () => {
  let faces: Faces;
  let held: number;
  beforeAll(async () => {
    faces = await loadFaces({ detector: 'tiny' });
    await faces.embedAll(group);
    held = faces.engine.regions.usedBytes;
  });
  afterEach(() => {
    expect(faces.engine.regions.usedBytes, 'photos are given back, whatever happens').toBe(held);
  });

  it.skipIf(!hasData)('tells photos of one person from photos of two', async () => {
    for (const [i, name] of people.entries()) {
      const same = await faces.verify(person(name, 1), person(name, 2), { face: 'central' });
      expect(same.same, `${name}: ${same.distance}`).toBe(true);
      expect(same.threshold).toBe(0.6);
      const other = people[(i + 1) % people.length]!;
      const different = await faces.verify(person(name, 1), person(other, 2), { face: 'central' });
      expect(different.same, `${name}, ${other}: ${different.distance}`).toBe(false);
      expect(different.distance).toBeGreaterThan(same.distance);
      expect(different.faces.map((found) => found.length > 0)).toEqual([true, true]);
    }
  });

  it.skipIf(!hasData)('decides by distance ≤ threshold', async () => {
    const [a, b] = [person('Tony_Blair', 1), person('Tony_Blair', 2)];
    const { distance } = await faces.verify(a, b, { face: 'central' });
    expect(await faces.verify(a, b, { face: 'central', threshold: distance })).toMatchObject({ same: true });
    const below = distance * (1 - 1e-12);
    expect(await faces.verify(a, b, { face: 'central', threshold: below })).toMatchObject({ same: false });
    for (const threshold of [Number.NaN, -1])
      await expect(faces.verify(a, b, { threshold })).rejects.toThrow(/threshold/);
  });

  it.skipIf(!hasData)('compares embeddings that were made earlier', async () => {
    const [a, b] = [person('Tony_Blair', 1), person('Tony_Blair', 2)];
    const direct = await faces.verify(a, b, { face: 'central' });
    const { embedding } = await faces.embed(a, { face: 'central' });
    expect(embedding).toHaveLength(128);
    const later = await faces.verify(Array.from(embedding), b, { face: 'central' });
    expect(later).toEqual({ ...direct, faces: [[], direct.faces[1]] });
    await expect(faces.verify(embedding.subarray(1), b)).rejects.toThrow(EmbeddingError);
    await expect(faces.verify([], b)).rejects.toThrow(EmbeddingError);
    await expect(
      faces.verify(
        embedding,
        embedding.map(() => Number.NaN),
      ),
    ).rejects.toThrow(/the second photo.*finite/);
  });

  it('asks which face is meant, and takes the answer', async () => {
    const refused = await faces.embed(group).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SeveralFacesError);
    const all = await faces.embedAll(group);
    expect((refused as SeveralFacesError).faces).toEqual(all.map(({ face }) => face));
    expect(all).toHaveLength(3);
    for (const [i, one] of all.entries()) expect(await faces.embed(group, { face: i })).toEqual(one);
    const areas = all.map(({ face }) => face.box.width * face.box.height);
    const largest = all[areas.indexOf(Math.max(...areas))]!;
    expect(await faces.embed(group, { face: 'largest' })).toEqual(largest);
    await expect(faces.embed(group, { face: 3 })).rejects.toThrow(/below 3, got 3/);
    await expect(faces.embed(group, { face: 'left' as 'largest' })).rejects.toThrow(/face must be/);
    await expect(faces.verify(group, group)).rejects.toThrow(/sample1\.jpg: 3 faces in the photo/);
  });

  it('gives the same bits every time, and holds no more memory for it', async () => {
    const [first] = await faces.embedAll(group);
    const bytes = faces.engine.memory.bytes;
    for (let i = 0; i < 5; i++) expect((await faces.embedAll(group))[0]).toEqual(first);
    expect(faces.engine.memory.bytes).toBe(bytes);
  });

  it.skipIf(!hasData)('recognizes nine people from one photo each, and no stranger', async () => {
    const names = [...people, 'Ariel_Sharon', 'Donald_Rumsfeld', 'Jacques_Chirac'];
    const gallery = faces.gallery();
    for (const name of names) await gallery.enroll(name, person(name, 1), { face: 'central' });
    let right = 0;
    let wrong = 0;
    for (const name of names)
      for (const number of [2, 3, 4]) {
        const path = person(name, number);
        const { id, distance, candidates } = await gallery.recognize(path, { face: 'central' });
        if (id === name) right++;
        else if (id !== null) wrong++;
        expect(candidates).toHaveLength(5);
        expect(candidates[0]!.distance).toBe(distance);
      }
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThanOrEqual(24);
    const stranger = await gallery.recognize(person('Arnold_Schwarzenegger', 3), { face: 'central' });
    expect(stranger.id).toBeNull();
    held = faces.engine.regions.usedBytes;
  });

  it('opens a gallery that was saved, and none that other faces made', async () => {
    const store = memoryStore();
    const gallery = await faces.openGallery(store);
    expect(gallery.size).toBe(0);
    await gallery.enroll('someone', group, { face: 'largest' });
    await gallery.save(store);
    const again = await faces.openGallery(store, { policy: 'mean', threshold: 0.5 });
    expect(again.list()).toEqual([{ id: 'someone', examples: 1 }]);
    expect(await again.verify('someone', group, { face: 'largest' })).toMatchObject({
      same: true,
      distance: 0,
      threshold: 0.5,
    });
    const cropping = await loadFaces({ detector: 'tiny', alignment: 'face-api' });
    await expect(cropping.openGallery(store)).rejects.toThrow(GalleryError);
    held = faces.engine.regions.usedBytes;
  });

  it('names everyone in a photo', async () => {
    const all = await faces.embedAll(group);
    const gallery = faces.gallery();
    await gallery.enroll('a', all[0]!.embedding);
    await gallery.enroll('b', all[1]!.embedding);
    const found = await gallery.recognizeAll(group);
    expect(found.map(({ id }) => id)).toEqual(['a', 'b', null]);
    expect(found.map(({ face }) => face)).toEqual(all.map(({ face }) => face));
    expect(found[0]!.distance).toBe(0);
    held = faces.engine.regions.usedBytes;
  });
});
