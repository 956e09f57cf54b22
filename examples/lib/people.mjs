import { readImage } from 'facsimile/image';
import { euclidean } from 'facsimile/metric';

/** The name of whoever is not enrolled. */
export const STRANGER = 'Stranger';

/** Reads a photo. Once decoded, a large one may be smaller than its file: all pixels are those of the decoded one. */
async function read(path) {
  const { data, width, height } = await readImage(path);
  return { data, width, height };
}

/** A reader that remembers the last photo only: all of a folder would not fit into memory. */
function rememberingReader() {
  let last;
  return async (path) => {
    if (last?.path !== path) last = { path, picture: await read(path) };
    return last.picture;
  };
}

/** Finds and embeds all faces of some photos. Pictures are read again when they are needed, not kept. */
export async function findEveryone(faces, paths, onPhoto) {
  const photos = [];
  const picture = rememberingReader();
  for (const path of paths) {
    const { data, width, height } = await picture(path);
    const found = await faces.embedAll({ data, width, height });
    photos.push({ path, size: { width, height }, found, picture: () => picture(path) });
    onPhoto?.(path, found);
  }
  return photos;
}

/**
 * Goes through the photos in order: whoever is recognized from an earlier photo is seen again, anyone else is enrolled
 * from this one photo. `isStranger(photo, face)` says who is left out.
 */
export async function enrollFromFirstPhoto(gallery, photos, isStranger) {
  const people = [];
  const reunions = [];
  for (const photo of photos) {
    // Nobody is in a photo twice, so a photo is asked about before its own faces are enrolled.
    const answers = photo.found.map(({ embedding }) => gallery.match(embedding));
    for (const [i, { embedding, face }] of photo.found.entries()) {
      const { id, distance } = answers[i];
      if (isStranger(photo, i)) people.push({ name: STRANGER, photo, face, embedding, enrolled: false });
      else if (id === null) {
        const name = `Person ${people.filter((person) => person.enrolled).length + 1}`;
        await gallery.enroll(name, embedding);
        people.push({ name, photo, face, embedding, enrolled: true });
      } else {
        const first = people.find((person) => person.name === id);
        reunions.push({ person: first, photo, face, distance });
        people.push({ name: id, photo, face, embedding, enrolled: false, again: true });
      }
    }
  }
  return { people, reunions };
}

/** The face that is least like all others: photo and place in it. */
export function loneliest(photos) {
  const all = photos.flatMap((photo) => photo.found.map(({ embedding }, i) => ({ photo, i, embedding })));
  let best;
  for (const one of all) {
    const nearest = Math.min(
      ...all.filter((other) => other !== one).map((other) => euclidean(one.embedding, other.embedding)),
    );
    if (!best || nearest > best.nearest) best = { ...one, nearest };
  }
  return best;
}
