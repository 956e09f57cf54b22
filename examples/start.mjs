// What `npm start` runs: finds, enrols, verifies and recognizes the people in real photos, and writes a report to look at.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadFaces } from 'facsimile/faces';
import { photosIn, samplePhotos, UsageError } from './lib/files.mjs';
import { enrollFromFirstPhoto, findEveryone, loneliest } from './lib/people.mjs';
import { writeReport } from './lib/report.mjs';
import { recognizeAltered, tally } from './lib/trials.mjs';
import { verifyPairs } from './lib/verifications.mjs';

// The network's own threshold, 0.6, is for a mix of people. These are much alike: people side by side in one photo,
// who are surely different, come as near as 0.58.
const THRESHOLD = 0.5;

// Of a large folder, so many photos are tried in altered copies and shown.
const SHOWN = 24;

const HELP = `npm start -- [options]

Finds all faces in some photos, enrols everyone from one photo, recognizes them in photos they were not enrolled from,
and writes a report to look at. Without options it takes six photos that the package @vladmandic/face-api ships.

  --photos DIR     your own photos, JPEG or PNG
  --out DIR        where to write report.html        (default: out)
  --threshold D    largest distance of one person    (default: ${THRESHOLD})
  --detector NAME  ssd or tiny                       (default: ssd)
  --help           show this

Example: npm start -- --photos ~/Pictures/party
`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        photos: { type: 'string' },
        out: { type: 'string', default: 'out' },
        threshold: { type: 'string', default: String(THRESHOLD) },
        detector: { type: 'string', default: 'ssd' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const threshold = Number(values.threshold);
    if (!(threshold >= 0)) throw new UsageError(`--threshold must be a distance, such as 0.6, not ${values.threshold}`);
    return { ...values, threshold };
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

async function main() {
  const { photos: folder, out, threshold, detector, help } = options();
  if (help) return console.log(HELP);
  const paths = folder ? photosIn(folder) : samplePhotos();
  const started = performance.now();

  const faces = await loadFaces({ detector });
  const photos = await findEveryone(faces, paths, (path, found) =>
    console.log(`${basename(path)}: ${found.length} ${found.length === 1 ? 'face' : 'faces'}`),
  );
  const count = photos.reduce((sum, { found }) => sum + found.length, 0);
  if (count === 0)
    throw new UsageError(`no face was found in ${paths.length === 1 ? paths[0] : `these ${paths.length} photos`}`);

  // Someone must stay a stranger, to see that strangers are not recognized.
  const stranger = count > 2 ? loneliest(photos) : undefined;
  const gallery = faces.gallery({ threshold });
  const { people, reunions } = await enrollFromFirstPhoto(
    gallery,
    photos,
    (photo, i) => stranger?.photo === photo && stranger.i === i,
  );
  console.log(
    `\nEnrolled ${gallery.size} people, each from one photo${stranger ? '; one is left out as a stranger' : ''}.`,
  );
  for (const { person, photo, distance } of reunions)
    console.log(
      `${person.name} of ${basename(person.photo.path)} is recognized in ${basename(photo.path)} (distance ${distance.toFixed(3)}).`,
    );

  const shown = photos.filter(({ found }) => found.length > 0).slice(0, SHOWN);
  const verifications = await verifyPairs(faces, shown, people, reunions.slice(0, SHOWN), threshold);
  const copies = await recognizeAltered(gallery, shown, people);
  const { faces: all, right, wrong, unsure, unfound } = tally(copies);
  console.log(
    `In ${copies.length} altered copies of the photos: ${right} of ${all} faces right, ${wrong} taken for somebody else, ${unsure} not recognized, ${unfound} not found.`,
  );
  const strange = copies.flatMap(({ trials }) => trials).filter(({ expected }) => expected === null);
  if (strange.length > 0) {
    const kept = strange.filter(({ answer }) => answer.id === null).length;
    console.log(`The stranger: not recognized in ${kept} of ${strange.length}.`);
  }

  mkdirSync(out, { recursive: true });
  const file = resolve(join(out, 'report.html'));
  const seconds = (performance.now() - started) / 1000;
  writeFileSync(
    file,
    await writeReport({
      faces,
      photos: shown,
      total: photos.length,
      people,
      reunions,
      verifications,
      copies,
      threshold,
      gallery,
      seconds,
    }),
  );
  console.log(`\nLook at ${file}`);
}

main().catch((error) => {
  const expected = error instanceof UsageError || ['InputError', 'ImageError', 'WeightsError'].includes(error.name);
  console.error(expected ? `npm start: ${error.message}` : error);
  process.exitCode = expected ? 2 : 3;
});
