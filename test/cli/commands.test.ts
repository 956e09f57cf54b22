import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../src/image/read.ts';
import { facsimile } from './capture.ts';
import { portraits, sample } from './photos.ts';

let photos: Awaited<ReturnType<typeof portraits>>;
beforeAll(async () => {
  photos = await portraits();
});
afterAll(() => photos.remove());

const inFolder = (name: string) => join(photos.folder, name);
const boxShape = {
  x: expect.any(Number),
  y: expect.any(Number),
  width: expect.any(Number),
  height: expect.any(Number),
};

/** Runs a command with --json and reads its one document. */
async function json(...words: string[]) {
  const { code, stdout, stderr } = await facsimile(...words, '--json');
  expect(stderr).toBe('');
  return { code, value: JSON.parse(stdout) };
}

describe('detect', () => {
  it('finds the faces of a photo', async () => {
    const { code, value } = await json('detect', sample(1));
    expect(code).toBe(0);
    expect(Object.keys(value)).toEqual(['faces']);
    expect(value.faces).toHaveLength(3);
    for (const face of value.faces) {
      expect(face).toEqual({ box: boxShape, score: expect.any(Number), landmarks: expect.any(Array) });
      expect(face.landmarks).toHaveLength(68);
    }
    const text = await facsimile('detect', sample(1));
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/sample1\.jpg: 3 faces\n {2}face 1: \d+ × \d+ at \(\d+, \d+\), score \d\.\d\d\n/);
  });

  it('is done, with none, where there is no face', async () => {
    expect(await json('detect', photos.nobody)).toEqual({ code: 0, value: { faces: [] } });
    expect((await facsimile('detect', photos.nobody)).stdout).toContain('no faces');
  });

  it('draws them into a PNG of the same size', async () => {
    const file = inFolder('marked.png');
    expect((await facsimile('detect', photos.ada, '--annotate', file)).code).toBe(0);
    const [marked, photo] = [await readImage(file), await readImage(photos.ada)];
    expect([marked.width, marked.height]).toEqual([photo.width, photo.height]);
    expect(Buffer.from(marked.data).equals(Buffer.from(photo.data))).toBe(false);
  });

  it('takes the tiny detector', async () => {
    const { code, value } = await json('detect', photos.bob, '--detector', 'tiny');
    expect(code).toBe(0);
    expect(value.faces).toHaveLength(1);
  });
});

describe('embed', () => {
  it('gives 128 numbers and the box', async () => {
    const { code, value } = await json('embed', photos.ada);
    expect(code).toBe(0);
    expect(value).toEqual({ embedding: expect.any(Array), box: boxShape });
    expect(value.embedding).toHaveLength(128);
    const norm = Math.sqrt(value.embedding.reduce((sum: number, v: number) => sum + v * v, 0));
    expect(norm).toBeGreaterThan(1);
    expect(norm).toBeLessThan(2);
  });

  it('wants one face, or to know which', async () => {
    const none = await json('embed', photos.nobody);
    expect(none.code).toBe(2);
    expect(none.value.error.name).toBe('NoFaceError');
    expect(none.value.error.message).toContain(photos.nobody);

    const several = await json('embed', sample(1));
    expect(several.code).toBe(2);
    expect(several.value.error).toMatchObject({
      name: 'SeveralFacesError',
      message: expect.stringContaining('sample1.jpg'),
    });
    expect(several.value.error.faces).toHaveLength(3);
    expect((await facsimile('embed', sample(1))).stderr).toMatch(/face 3: \d+ × \d+ at/);

    const boxes = (await json('detect', sample(1))).value.faces.map(({ box }: { box: object }) => box);
    expect((await json('embed', sample(1), '--face', '2')).value.box).toEqual(boxes[1]);
    expect((await json('embed', sample(1), '--face', '9')).code).toBe(2);
  });
});

describe('verify', () => {
  it('says yes by 0 and no by 1', async () => {
    const yes = await json('verify', photos.ada, photos.adaAgain);
    expect(yes.code).toBe(0);
    expect(yes.value).toEqual({
      same: true,
      distance: expect.any(Number),
      threshold: 0.6,
      faces: [[boxShape], [boxShape]],
    });
    expect(yes.value.distance).toBeGreaterThan(0.2);
    expect(yes.value.distance).toBeLessThan(0.55);
    const no = await json('verify', photos.ada, photos.bob);
    expect(no.code).toBe(1);
    expect(no.value.same).toBe(false);
    expect(no.value.distance).toBeGreaterThan(0.6);
  });

  it('says it in a sentence, by any threshold', async () => {
    expect(await facsimile('verify', photos.ada, photos.adaAgain)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Same person: distance 0\.\d+ is within the threshold of 0\.6\.\n$/),
    });
    expect(await facsimile('verify', photos.ada, photos.adaAgain, '--threshold', '0.1')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Different people: distance 0\.\d+ is above the threshold of 0\.1\.\n$/),
    });
    expect((await json('verify', photos.ada, photos.ada, '--threshold', '0')).value).toMatchObject({
      same: true,
      distance: 0,
    });
  });

  it('says which photo it cannot use', async () => {
    for (const [a, b, bad] of [
      [photos.nobody, photos.ada, photos.nobody],
      [photos.ada, photos.nobody, photos.nobody],
      [photos.ada, sample(1), sample(1)],
      [photos.ada, inFolder('missing.jpg'), inFolder('missing.jpg')],
    ] as const) {
      const { code, value } = await json('verify', a, b);
      expect(code).toBe(2);
      expect(value.error.message).toContain(bad);
    }
    expect((await json('verify', photos.ada, sample(1), '--face', 'largest')).code).toBeLessThan(2);
  });

  it('draws both photos and the verdict', async () => {
    const file = inFolder('verdict.png');
    await facsimile('verify', photos.ada, photos.bob, '--annotate', file);
    const { width, height } = await readImage(file);
    expect(width).toBeGreaterThan(420 + 400);
    expect(height).toBeGreaterThan(500);
  });
});

describe('enroll and recognize', () => {
  it('enrols from one photo, recognizes in another, and knows strangers', async () => {
    const gallery = inFolder('people.gallery');
    expect(await json('enroll', 'ada', photos.ada, '--gallery', gallery)).toEqual({
      code: 0,
      value: { id: 'ada', examples: 1, people: 1 },
    });
    const again = await json('recognize', photos.adaAgain, '--gallery', gallery);
    expect(again.code).toBe(0);
    expect(again.value).toEqual({ faces: [{ box: boxShape, id: 'ada', distance: expect.any(Number) }] });
    const stranger = await json('recognize', photos.bob, '--gallery', gallery);
    expect(stranger.code).toBe(1);
    expect(stranger.value.faces[0].id).toBeNull();

    expect((await facsimile('enroll', 'bob', photos.bob, '--gallery', gallery)).stdout).toContain('2 people in all');
    expect((await facsimile('recognize', photos.bob, '--gallery', gallery)).stdout).toMatch(
      /\n {2}bob +distance 0\.000 +\d+ × \d+/,
    );
  });

  it('answers for every face of a photo, with names in the picture', async () => {
    const [gallery, file] = [inFolder('party.gallery'), inFolder('named.png')];
    await facsimile('enroll', 'ada', photos.adaAgain, '--gallery', gallery);
    const { code, stdout } = await facsimile('recognize', sample(1), '--gallery', gallery, '--annotate', file);
    expect(code).toBe(0);
    expect(stdout).toContain('3 faces');
    expect(stdout).toMatch(/\n {2}ada +distance 0\.\d+/);
    expect(stdout).toMatch(/\n {2}not recognized +nearest at distance 0\.\d+/);
    const { width, height } = await readImage(file);
    expect([width, height]).toEqual([1920, 1280]);
  });

  it('enrols all photos of a person or none, and leaves the gallery as it was', async () => {
    const gallery = inFolder('careful.gallery');
    await facsimile('enroll', 'ada', photos.ada, '--gallery', gallery);
    const before = readFileSync(gallery);
    const { code, stderr } = await facsimile('enroll', 'bob', photos.bob, photos.nobody, '--gallery', gallery);
    expect(code).toBe(2);
    expect(stderr).toContain(photos.nobody);
    expect(readFileSync(gallery).equals(before)).toBe(true);
    expect(readdirSync(photos.folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('wants a face and a gallery', async () => {
    const gallery = inFolder('one.gallery');
    await facsimile('enroll', 'ada', photos.ada, '--gallery', gallery);
    const none = await json('recognize', photos.nobody, '--gallery', gallery);
    expect(none).toMatchObject({ code: 2, value: { error: { name: 'NoFaceError' } } });
    const missing = await json('recognize', photos.ada, '--gallery', inFolder('missing.gallery'));
    expect(missing.code).toBe(2);
    expect(missing.value.error.message).toContain('there is no gallery');
    writeFileSync(gallery, 'not a gallery');
    expect(await json('recognize', photos.ada, '--gallery', gallery)).toMatchObject({
      code: 2,
      value: { error: { name: 'GalleryError' } },
    });
    expect((await json('enroll', 'ada', photos.ada, '--gallery', inFolder('no/such/folder.gallery'))).code).toBe(2);
  });
});

describe('models', () => {
  it('lists the networks', async () => {
    const { code, value } = await json('models', 'list');
    expect(code).toBe(0);
    expect(value.models.map(({ name }: { name: string }) => name)).toContain('face_recognition');
    expect((await facsimile('models', 'list')).stdout).toMatch(/face_recognition +embedding +6\.4 MB/);
  });

  it('copies them as one file that works in their place', async () => {
    const folder = inFolder('public/models');
    const { code, value } = await json('models', 'copy', 'faces', folder, '--detector', 'tiny');
    expect(code).toBe(0);
    expect(value).toEqual({
      file: join(folder, 'faces.safetensors'),
      bytes: expect.any(Number),
      networks: expect.any(Array),
    });
    expect(value.bytes).toBeLessThan(7.2e6);
    const options = ['--detector', 'tiny'];
    const [fromFile, fromPackage] = [
      await json('embed', photos.bob, ...options, '--weights', value.file),
      await json('embed', photos.bob, ...options),
    ];
    expect(fromFile).toEqual(fromPackage);
    expect((await json('embed', photos.bob, '--detector', 'ssd', '--weights', value.file)).value.error.name).toBe(
      'WeightsError',
    );
  });
});

describe('input that cannot be used', () => {
  it('is exit code 2 and names the file', async () => {
    const notes = inFolder('notes.txt');
    writeFileSync(notes, 'these are words');
    for (const path of [notes, photos.folder, inFolder('missing.jpg')]) {
      const { code, stdout, stderr } = await facsimile('detect', path);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(path);
    }
    expect((await json('detect', photos.ada, '--weights', inFolder('missing'))).code).toBe(2);
  });

  it('is told before any work where the picture cannot be written', async () => {
    const file = inFolder('no/such/folder/x.png');
    const { code, stderr } = await facsimile('detect', inFolder('missing.jpg'), '--annotate', file);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no folder');
    expect(existsSync(file)).toBe(false);
  });
});
