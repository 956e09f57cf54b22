import { basename } from 'node:path';
import { euclidean } from 'facsimile/metric';
import {
  distanceHistogram,
  distanceMatrix,
  figure,
  grid,
  htmlReport,
  markup,
  scrolling,
  table,
  verdict,
} from 'facsimile/report';
import { alterations } from './alterations.mjs';
import { markedPhoto, portrait } from './pictures.mjs';
import { tally } from './trials.mjs';

/** More would be too small to read. */
const MOST_IN_MATRIX = 40;

const file = (photo) => basename(photo.path);

/** Everyone where they were found. */
async function whoIsThere({ photos, people, reunions }) {
  const figures = [];
  for (const photo of photos) {
    const marks = people
      .filter((person) => person.photo === photo)
      .map((person) => {
        const again = reunions.find((reunion) => reunion.photo === photo && reunion.face === person.face);
        const detail = again ? `seen again, ${again.distance.toFixed(2)}` : person.enrolled ? '' : 'not enrolled';
        return {
          box: person.face.box,
          landmarks: person.face.landmarks,
          name: person.name,
          detail,
          tone: again ? 'yes' : person.enrolled ? 'plain' : 'no',
        };
      });
    figures.push(figure(await markedPhoto(await photo.picture(), marks), `faces in ${file(photo)}`, file(photo)));
  }
  return grid(figures, 460);
}

async function verified({ verifications, threshold }) {
  const whole = ({ width, height }) => ({ x: 0, y: 0, width, height });
  const rows = [];
  for (const { left, right, what, expected, same, distance } of verifications) {
    const [a, b] = await Promise.all([left, right].map((picture) => portrait(picture, whole(picture))));
    rows.push([
      markup`<img src="${a}" alt="first face">`,
      markup`<img src="${b}" alt="second face">`,
      what,
      distance.toFixed(3),
      verdict(same, same ? 'same person' : 'different people'),
      same === expected ? 'right' : 'wrong',
    ]);
  }
  return table(['photo', 'photo', 'pair', `distance (threshold ${threshold})`, 'verdict', ''], rows);
}

async function recognizedAgain({ copies, photos }) {
  const totals = alterations.map(({ name }) => {
    const { faces, right, wrong, unsure, unfound } = tally(copies.filter((copy) => copy.alteration.name === name));
    return [name, faces, right, wrong, unsure, unfound];
  });
  const figures = [];
  for (const [i, photo] of photos.entries()) {
    const { alteration, trials } = copies.find(
      (copy) => copy.photo === photo && copy.alteration === alterations[i % alterations.length],
    );
    const marks = trials.map(({ answer, expected }) => ({
      box: answer.face.box,
      name: answer.id ?? 'not recognized',
      detail: answer.distance.toFixed(2),
      tone: answer.id === null ? 'no' : answer.id === expected ? 'yes' : 'plain',
    }));
    figures.push(
      figure(
        await markedPhoto(await alteration.apply(await photo.picture()), marks),
        `${file(photo)}, ${alteration.name}`,
        markup`${file(photo)}, <b>${alteration.name}</b>`,
      ),
    );
  }
  return [
    table(['copies', 'faces', 'right', 'somebody else', 'not recognized', 'not found'], totals),
    grid(figures, 460),
  ];
}

/** Distances of faces that are side by side in one photo, so of different people. */
const neighbours = ({ people, photos }) =>
  photos.flatMap((photo) => {
    const here = people.filter((person) => person.photo === photo);
    return here.flatMap((a, i) => here.slice(i + 1).map((b) => euclidean(a.embedding, b.embedding)));
  });

/** Distances of faces from their altered copies. */
const copiesOf = ({ copies }) =>
  copies.flatMap(({ trials }) =>
    trials.flatMap(({ answer, expected }) =>
      answer.candidates.filter(({ id }) => id === expected).map(({ distance }) => distance),
    ),
  );

function aboutDistances(results) {
  const different = neighbours(results);
  const nearest = different.length > 0 ? Math.min(...different) : undefined;
  const told = 'A face and its altered copies are the same person; two faces in one photo are different people.';
  if (nearest === undefined) return told;
  return `${told} The nearest of ${different.length} such pairs is at ${nearest.toFixed(2)}. The network's own threshold of 0.6 is for a mix of people; among people who are much alike a stricter one is safer, here ${results.threshold}.`;
}

async function matrix({ people: everyone, threshold }) {
  const people = everyone.slice(0, MOST_IN_MATRIX);
  const entries = [];
  for (const { name, photo, face } of people)
    entries.push({ name: `${name} (${file(photo)})`, picture: await portrait(await photo.picture(), face.box) });
  const distances = people.map((a) => people.map((b) => euclidean(a.embedding, b.embedding)));
  return scrolling(distanceMatrix(entries, distances, threshold));
}

/** The whole report as one HTML file. */
export async function writeReport(results) {
  const { faces, photos, total, people, copies, gallery, threshold, seconds } = results;
  const { faces: trials, right, wrong } = tally(copies);
  return htmlReport({
    title: 'Who is in these photos',
    lead: `${people.length} faces in ${total} photos, ${gallery.size} people enrolled from one photo each. In altered copies, ${right} of ${trials} faces got the right answer and ${wrong} were taken for somebody else.`,
    sections: [
      {
        title: 'The people',
        text: `Everyone is enrolled from the first photo that shows them. One person is left out on purpose and stays a stranger.${photos.length < total ? ` The first ${photos.length} photos with faces are shown.` : ''}`,
        content: await whoIsThere(results),
      },
      {
        title: 'Verification: the same person or not?',
        text: 'Two photos are of the same person if the distance of their embeddings is at most the threshold.',
        content: await verified(results),
      },
      {
        title: 'Recognition in photos that nobody was enrolled from',
        text: 'Copies of the photos, mirrored, turned, darkened and recompressed. Green names are right; "not recognized" is the right answer for the stranger only.',
        content: await recognizedAgain(results),
      },
      {
        title: 'Distances where the truth is known',
        text: aboutDistances(results),
        content: scrolling(distanceHistogram(copiesOf(results), neighbours(results), threshold)),
      },
      {
        title: 'All distances',
        text: `Each face against each. Green cells are within the threshold of ${threshold}. Nobody has stated who is who across photos: a green cell is the network's opinion.`,
        content: await matrix(results),
      },
      {
        title: 'What to keep in mind',
        text: 'There is no liveness check: a printed photo passes for the person. The network is weaker on children, and its accuracy varies with ethnicity. The more people are enrolled, the likelier a stranger is taken for one of them. An embedding is biometric data.',
        content: null,
      },
    ],
    foot: `Made by facsimile with the network ${faces.model.name} (${faces.model.hash.slice(0, 12)}) in ${seconds.toFixed(1)} s.`,
  });
}
