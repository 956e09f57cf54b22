import { alterations } from './alterations.mjs';
import { STRANGER } from './people.mjs';

const middleOf = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** Which of the people of a photo a face of its altered copy is: the one whose face went there. */
function whoWasThere(box, people, place) {
  const here = middleOf(box);
  let best;
  for (const person of people) {
    const there = place(middleOf(person.face.box));
    const away = Math.sqrt((here.x - there.x) ** 2 + (here.y - there.y) ** 2);
    if (away < person.face.box.width * 0.6 && (!best || away < best.away)) best = { person, away };
  }
  return best?.person;
}

/**
 * Recognizes everyone in altered copies of the photos. A trial is one face: who it is, and who it was taken for.
 * @returns one entry for each alteration and photo: `{ alteration, photo, trials, expected }`.
 */
export async function recognizeAltered(gallery, photos, people) {
  const copies = [];
  for (const photo of photos) {
    const original = await photo.picture();
    for (const alteration of alterations) {
      const here = people.filter((person) => person.photo === photo);
      const trials = [];
      for (const answer of await gallery.recognizeAll(await alteration.apply(original))) {
        const person = whoWasThere(answer.face.box, here, (point) => alteration.place(point, photo.size));
        if (person) trials.push({ person, answer, expected: person.name === STRANGER ? null : person.name });
      }
      copies.push({ alteration, photo, trials, expected: here.length });
    }
  }
  return copies;
}

/** How trials came out: right, taken for nobody, taken for somebody else, and faces that were not found. */
export function tally(copies) {
  const trials = copies.flatMap((copy) => copy.trials);
  const faces = copies.reduce((sum, copy) => sum + copy.expected, 0);
  const right = trials.filter(({ expected, answer }) => answer.id === expected).length;
  const wrong = trials.filter(({ expected, answer }) => answer.id !== null && answer.id !== expected).length;
  return { faces, right, wrong, unsure: trials.length - right - wrong, unfound: faces - trials.length };
}
