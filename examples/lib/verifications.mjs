import { alterations } from './alterations.mjs';
import { around } from './pictures.mjs';

/**
 * Verifies some pairs of photos of one face each: everyone seen in two photos, everyone against a mirrored copy, and
 * neighbours in a photo, who are surely different.
 */
export async function verifyPairs(faces, photos, people, reunions, threshold) {
  const sides = [];
  for (const { person, photo, face } of reunions)
    sides.push({ a: person, b: { photo, face }, what: 'two photos', same: true });
  for (const photo of photos) {
    const [first, second] = people.filter((person) => person.photo === photo);
    if (first) sides.push({ a: first, b: first, what: 'against a darkened copy', same: true, alter: alterations[2] });
    if (second) sides.push({ a: first, b: second, what: 'side by side in one photo', same: false });
  }
  const results = [];
  for (const { a, b, what, same, alter } of sides) {
    const [left, right] = [a, b].map(({ photo, face }) => around(photo.picture, face.box));
    const shown = alter ? await alter.apply(right) : right;
    const answer = await faces.verify(left, shown, { threshold, face: 'central' });
    results.push({ left, right: shown, what, expected: same, ...answer });
  }
  return results;
}
