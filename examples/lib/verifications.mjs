import { alterations } from './alterations.mjs';
import { around } from './pictures.mjs';

/**
 * Verifies some pairs of photos of one face each: everyone seen in two photos, everyone against a mirrored copy, and
 * neighbours in a photo, who are surely different.
 */
export async function verifyPairs(faces, photos, people, reunions, threshold) {
  const mirrored = alterations.find(({ name }) => name === 'mirrored');
  const sides = [];
  for (const { person, photo, face } of reunions)
    sides.push({ a: person, b: { photo, face }, what: 'taken in two photos', same: true });
  for (const photo of photos) {
    const [first, second] = people.filter((person) => person.photo === photo);
    if (first) sides.push({ a: first, b: first, what: 'a photo and its mirror image', same: true, alter: mirrored });
    if (second) sides.push({ a: first, b: second, what: 'side by side in one photo', same: false });
  }
  const results = [];
  for (const { a, b, what, same, alter } of sides) {
    const [left, cut] = await Promise.all(
      [a, b].map(async ({ photo, face }) => around(await photo.picture(), face.box)),
    );
    const right = alter ? await alter.apply(cut) : cut;
    try {
      const answer = await faces.verify(left, right, { threshold, face: 'central' });
      results.push({ left, right, what, expected: same, ...answer });
    } catch (error) {
      // What was a face in the whole photo may be none for the detector when it is seen from so near.
      if (error.name !== 'NoFaceError') throw error;
    }
  }
  return results;
}
