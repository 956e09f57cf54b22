import { readImage } from 'facsimile/image';
import { euclidean } from 'facsimile/metric';

/** Finds and embeds all faces of some photos. */
export async function findEveryone(faces, paths, onPhoto) {
  const photos = [];
  for (const path of paths) {
    // Once decoded, a large photo may be smaller than its file: from here on, pixels are those of the decoded one.
    const { data, width, height } = await readImage(path);
    const picture = { data, width, height };
    const found = await faces.embedAll(picture);
    photos.push({ path, picture, found });
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
      if (isStranger(photo, i)) people.push({ name: 'Stranger', photo, face, embedding, enrolled: false });
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
