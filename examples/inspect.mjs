// What the units of the face network look for, in the sample photos of the package that holds its weights: the nine patches
// of some units from shallow to deep with what drives them, one face as two units see it, and what would drive channels most.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadFaces } from 'facsimile/faces';
import { encodeJpeg, readImage } from 'facsimile/image';
import { maximizeActivation, networkSubject, topPatches, UnitPainter } from 'facsimile/inspect';
import { loadFeatures } from 'facsimile/models';
import { beside, inspectionSheet, patchGrid } from 'facsimile/report';
import { UsageError } from './lib/files.mjs';
import { cut, tiles } from './lib/picture-parts.mjs';
import { unitMaps } from './lib/unit-maps.mjs';

const HELP = `npm run example:inspect -- [options]

Draws what units of the face network look for, in the sample photos of @vladmandic/face-api.

  --units N     units of each layer           (default: 4)
  --parts N     squares of each photo beside its faces, at most (default: 200)
  --steps N     steps to what drives a channel most; 0 leaves that out (default: 96)
  --out DIR     where to write                (default: out/inspect)
  --json        print figures as JSON
`;

const LAYERS = ['conv32_down', 'conv32_3', 'conv64_2', 'conv128_2'];
const MAXIMIZED = ['conv32_3', 'conv64_3', 'conv128_2'];
/** Units that one face is shown to. */
const SHOWN = [
  { layer: 'conv128_1', unit: 12 },
  { layer: 'conv256_1', unit: 3 },
];
const SIDE = 150;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        units: { type: 'string', default: '4' },
        parts: { type: 'string', default: '200' },
        steps: { type: 'string', default: '96' },
        out: { type: 'string', default: 'out/inspect' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const number = (name, least) => {
      const value = Number(values[name]);
      if (!Number.isInteger(value) || value < least)
        throw new UsageError(`--${name} must be a whole number of at least ${least}`);
      return value;
    };
    return { ...values, units: number('units', 1), parts: number('parts', 0), steps: number('steps', 0) };
  } catch (error) {
    throw error.code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(error.message) : error;
  }
}

/** The faces of the sample photos, and squares of all that is around them. */
async function samples(parts) {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
  const faces = await loadFaces({ detector: 'tiny' });
  const images = [];
  for (const file of readdirSync(folder).filter((name) => /^sample\d\.jpg$/.test(name))) {
    const photo = await readImage(join(folder, file));
    for (const [i, { box }] of (await faces.detect(photo)).entries())
      images.push({ name: `${basename(file, '.jpg')}, face ${i + 1}`, source: cut(photo, box, 1.5) });
    for (const [i, tile] of tiles(photo, SIDE).slice(0, parts).entries())
      images.push({ name: `${basename(file, '.jpg')}, part ${i + 1}`, source: tile });
  }
  return images;
}

/** Units of each layer with their nine patches, from shallow to deep. */
async function sheet(network, { layers, images }) {
  const drawn = [];
  for (const { layer, channels, field, units } of layers) {
    const painter = new UnitPainter(network, layer, { zoom: true, cell: 48 });
    const pictures = [];
    for (const { unit, patches } of units) {
      const { patches: grid, projections } = await painter.paint(unit, patches);
      pictures.push({ label: `unit ${unit}`, picture: beside([projections, grid]) });
    }
    painter.close();
    drawn.push({ title: layer, text: `${channels} units, each sees ${field[0].size} pixels`, units: pictures });
  }
  return inspectionSheet(drawn, {
    title: 'What units of the face network look for',
    text: `the nine strongest of ${images} pictures, and on the left what of them drives the unit`,
  });
}

/** Pictures that drive some channels most, a row for each layer. */
function maximized(network, steps) {
  const subject = networkSubject(network);
  const pictures = MAXIMIZED.flatMap((layer) =>
    [1, 2, 3, 4, 5, 6].map((unit) => {
      const values = maximizeActivation(subject, { layer, unit, at: 'channel', shape: [1, SIDE, SIDE, 3], steps });
      const data = new Uint8Array(SIDE * SIDE * 4).fill(255);
      for (let i = 0; i < SIDE * SIDE; i++) for (let c = 0; c < 3; c++) data[i * 4 + c] = Math.round(values[i * 3 + c]);
      return { picture: { data, width: SIDE, height: SIDE } };
    }),
  );
  return patchGrid(pictures, { columns: 6, cell: SIDE });
}

async function main() {
  const { units, parts, steps, out, json, help } = options();
  if (help) return process.stdout.write(HELP);
  const say = (text) => json || process.stderr.write(`${text}\n`);
  const folder = resolve(out);
  mkdirSync(folder, { recursive: true });
  const network = await loadFeatures('faces');
  const images = await samples(parts);
  say(`${images.length} pictures of faces and of what is around them`);
  const first = Array.from({ length: units }, (_, unit) => unit);
  const found = await topPatches(network, { layers: LAYERS, units: first, images });
  const files = [join(folder, 'inspect-faces.jpg')];
  writeFileSync(files[0], await encodeJpeg(await sheet(network, found), 80));
  const [face] = images.filter(({ name }) => name.includes('face'));
  files.push(join(folder, 'inspect-maps.jpg'));
  writeFileSync(files[1], await encodeJpeg(unitMaps(network, face.source, SHOWN, SIDE), 80));
  if (steps > 0) {
    files.push(join(folder, 'inspect-maximized.jpg'));
    writeFileSync(files[2], await encodeJpeg(maximized(network, steps), 80));
  }
  if (!json) return process.stdout.write(`wrote ${files.join(', ')}\n`);
  const figures = {
    images: found.images,
    layers: found.layers.map(({ layer, field, units: all }) => ({
      layer,
      sees: field[0].size,
      units: all.map(({ unit, patches }) => ({
        unit,
        patches: patches.map(({ image, activation }) => ({ image, activation })),
      })),
    })),
    files,
  };
  return process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
