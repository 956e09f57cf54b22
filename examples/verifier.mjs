// From labelled pairs to a calibrated verifier: a threshold that was chosen on some pairs and held to on others, what becomes
// of it in a gallery, a probability, and a head trained on the embeddings. Prints every figure and writes them as drawings.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadFaces } from 'facsimile/faces';
import { parsePairs } from 'facsimile/metric';
import { grid, htmlReport, markup } from 'facsimile/report';
import { UsageError } from './lib/files.mjs';
import { calibrated, galleries, headTrained, probabilities } from './lib/verifier.mjs';

const HELP = `npm run example:verifier -- --images DIR --calibrate FILE --test FILE [options]

Calibrates a verifier on the pairs of one file and tests it on those of another.

  --images DIR      photos: DIR/NAME/NAME_0001.jpg
  --calibrate FILE  pairs to choose by: "NAME I J" for one person, "NAME I OTHER J" for two
  --test FILE       pairs to test on, of other people
  --far SHARE       false accepts to allow            (default: 0.01)
  --detector NAME   ssd or tiny                       (default: tiny)
  --out DIR         where to write report.html and the drawings (default: out/verifier)
  --json            print figures as JSON
`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        images: { type: 'string' },
        calibrate: { type: 'string' },
        test: { type: 'string' },
        far: { type: 'string', default: '0.01' },
        detector: { type: 'string', default: 'tiny' },
        out: { type: 'string', default: 'out/verifier' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    for (const name of ['images', 'calibrate', 'test'])
      if (!values.help && !values[name]) throw new UsageError(`--${name} is missing; see --help`);
    return { ...values, far: Number(values.far) };
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

/** The embedding of each photo that some pairs name: of the face nearest its centre, or, where none is found, of its centre. */
async function embedAll(faces, folder, pairs, say) {
  const embeddings = new Map();
  for (const photo of new Set(pairs.flatMap(({ a, b }) => [a, b]))) {
    const path = join(folder, photo);
    if (!existsSync(path)) throw new UsageError(`${path} is missing`);
    const found = await faces.embed(path, { face: 'central' }).catch((error) => {
      if (error.name !== 'NoFaceError') throw error;
    });
    embeddings.set(photo, found?.embedding ?? (await faces.embedCentre(path)));
    if (embeddings.size % 200 === 0) say(`${embeddings.size} photos embedded`);
  }
  return embeddings;
}

async function main() {
  const { images, calibrate, test, far, detector, out, json, help } = options();
  if (help) return console.log(HELP);
  const say = json ? () => {} : console.log;
  const [chosen, tested] = [calibrate, test].map((file) => parsePairs(readFileSync(file, 'utf8'), file));
  const faces = await loadFaces({ detector });
  const embeddings = await embedAll(faces, images, [...chosen, ...tested], say);
  const embedded = ({ a, b, same }) => ({ a: embeddings.get(a), b: embeddings.get(b), same });
  const people = (pairs) =>
    [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].map((photo) => ({
      name: photo.split('/')[0],
      embedding: embeddings.get(photo),
    }));
  const data = { chosen: chosen.map(embedded), tested: tested.map(embedded), far, photos: people(chosen) };

  const parts = [calibrated(data), galleries(data, people(tested)), probabilities(data), headTrained(data)];
  mkdirSync(out, { recursive: true });
  for (const { drawings } of parts)
    for (const [name, svg] of Object.entries(drawings)) writeFileSync(join(out, `${name}.svg`), svg.text);
  writeFileSync(
    join(out, 'report.html'),
    htmlReport({
      title: 'From pairs to a calibrated verifier',
      lead: `Chosen on ${chosen.length} pairs, tested on ${tested.length} others, ${embeddings.size} photos.`,
      sections: parts.map(({ title, lines, drawings }) => ({
        title,
        content: [markup`<pre>${lines.join('\n')}</pre>`, grid(Object.values(drawings), 460)],
      })),
    }),
  );
  if (json) return console.log(JSON.stringify(Object.assign({}, ...parts.map(({ figures }) => figures)), null, 2));
  for (const { title, lines } of parts) console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\nLook at ${resolve(join(out, 'report.html'))}`);
}

main().catch((error) => {
  const expected = error instanceof UsageError || ['InputError', 'ImageError', 'WeightsError'].includes(error.name);
  console.error(expected ? `verifier: ${error.message}` : error);
  process.exitCode = expected ? 2 : 3;
});
