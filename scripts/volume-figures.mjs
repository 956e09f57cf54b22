// node scripts/volume-figures.mjs: draws the pictures of docs/volumes.md, all of phantoms, with the built package.
import { writeFileSync } from 'node:fs';
import { encodePng } from 'facsimile/image';
import { cubeSheet, graphSubject, topCubes } from 'facsimile/inspect';
import { trainEmbedding, triplets } from 'facsimile/metric';
import { convEncoder } from 'facsimile/models';
import { adam } from 'facsimile/optimize';
import { volumeTexture } from 'facsimile/style';
import {
  cubeDataset,
  moved,
  projectionPicture,
  resampleVolume,
  sheppLogan,
  slicePicture,
  sliceSheet,
  Volume,
} from 'facsimile/volumes';

const folder = new URL('../docs/figures/', import.meta.url);
const GAP = 4;

async function save(name, picture) {
  const png = await encodePng(picture);
  writeFileSync(new URL(`${name}.png`, folder), png);
  console.log(`${name}.png: ${picture.width} × ${picture.height}, ${png.length} bytes`);
}

/** Pictures side by side (or below one another) on white. */
function joined(pictures, down = false) {
  const along = (picture) => (down ? picture.height : picture.width);
  const across = (picture) => (down ? picture.width : picture.height);
  const length = pictures.reduce((sum, picture) => sum + along(picture) + GAP, -GAP);
  const breadth = Math.max(...pictures.map(across));
  const [width, height] = down ? [breadth, length] : [length, breadth];
  const data = new Uint8Array(width * height * 4).fill(255);
  let at = 0;
  for (const picture of pictures) {
    const [left, top] = down ? [0, at] : [at, 0];
    for (let row = 0; row < picture.height; row++)
      data.set(
        picture.data.subarray(row * picture.width * 4, (row + 1) * picture.width * 4),
        ((top + row) * width + left) * 4,
      );
    at += along(picture) + GAP;
  }
  return { data, width, height };
}

/** The head as a CT would have it, in Hounsfield units: air −1000, skull 1000, brain 20 to 60. */
function headCt(size) {
  const { values, shape, affine } = sheppLogan(size);
  const hounsfield = (v) => (v < 0.1 ? -1000 + v * 10000 : v > 0.45 ? 60 + (v - 0.45) * 1700 : 20 + (v - 0.1) * 115);
  // Ventricles (0 within the head) hold water; the air around lies outside of the skull.
  const inside = (i) => {
    const [x, y, z] = [i % size, Math.floor(i / size) % size, Math.floor(i / (size * size))].map(
      (v) => ((v + 0.5) / size) * 2 - 1,
    );
    return (x / 0.66) ** 2 + ((y + 0.018) / 0.87) ** 2 + (z / 0.78) ** 2 < 1;
  };
  const ct = values.map((v, i) => (inside(i) && v < 0.1 ? 5 + v * 150 : hounsfield(v)));
  return new Volume({ values: ct, shape, affine, unit: 'HU' });
}

/** Blobs: smoothed noise with its contrast raised; of the phantom's own making, as everything here. */
function blobs(size, spacing = 1) {
  const coarse = cubeOfNoise(size / 4);
  const smooth = resampleVolume(coarse, 1);
  const values = smooth.values.map((v) => Math.min(1, Math.max(0, v * 4 + 0.5)));
  return new Volume({ values, shape: smooth.shape, spacing: [spacing, spacing, spacing] });
}

/** Hash noise of mean 0: whole-number arithmetic, so that every engine draws the same. */
function cubeOfNoise(size) {
  const values = Float32Array.from({ length: size * size * size }, (_, i) => {
    let h = Math.imul(i + 1, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    return ((h ^ (h >>> 13)) >>> 0) / 2 ** 31 - 1;
  });
  return new Volume({ values, shape: [size, size, size], spacing: [4, 4, 4] });
}

const head = sheppLogan(96);
const shown = { centre: 0.2, width: 0.4 };
await save('volumes-slices', sliceSheet(head, { plane: 'axial', count: 10, columns: 5, window: shown }));

const planes = ['axial', 'coronal', 'sagittal'];
const slices = planes.map((plane) => slicePicture(head, { plane, window: shown }));
const bright = planes.map((plane) =>
  projectionPicture(head, { plane, mode: 'mean', window: { centre: 0.15, width: 0.3 } }),
);
await save('volumes-planes', joined([joined(slices), joined(bright)], true));

const ct = headCt(96);
const windows = ['brain', 'softTissue', 'bone'].map((window) => slicePicture(ct, { plane: 'axial', window }));
await save('volumes-windows', joined(windows));

const turned = moved(head, { rotation: [0, 0, 20], translation: [10, 0, 0] });
await save(
  'volumes-motion',
  joined([head, turned].map((volume) => slicePicture(volume, { plane: 'axial', window: shown }))),
);

const patch = blobs(32);
let made;
for await (const step of volumeTexture({ patch, shape: [32, 32, 48], steps: 100 }))
  if (step.iteration === step.of) made = step.volume();
const strip = (volume) =>
  sliceSheet(volume, { plane: 'axial', count: 4, columns: 4, pixel: 0.5, window: { centre: 0.5, width: 1 } });
await save('volumes-texture', joined([strip(patch), strip(made)], true));

const volumes = { head: sheppLogan(80), small: sheppLogan(80, 2), blobs: blobs(32, 3) };
const cube = { side: 20, spacing: 3 };
const dataset = cubeDataset(volumes, {
  ...cube,
  places: 16,
  views: 50,
  apart: 12,
  rescan: { rotate: 20, shift: 6, noise: 0.2, bias: 0.3 },
});
const encoder = convEncoder({ size: [20, 20, 20], filters: [8, 16, 32], embedding: 32 });
const training = trainEmbedding(encoder.graph, dataset, {
  parameters: encoder.initialise(1),
  shape: encoder.shape,
  objective: triplets({ mining: 'semi-hard', variant: 'facenet', margin: 0.3, reduction: 'mean' }),
  batch: { classes: 16, each: 2 },
  optimizer: adam({ learningRate: 2e-3 }),
  steps: 100,
});
for await (const { step, loss } of training) if (step % 25 === 0) console.log(`step ${step}: ${loss.toFixed(4)}`);
const subject = graphSubject({ graph: encoder.graph, parameters: training.parameters });
const [layer] = await topCubes(subject, {
  volumes,
  spacing: cube.spacing,
  block: cube.side,
  layers: ['block2/relu'],
  units: [0, 1, 2, 3],
});
console.log(`block2/relu sees ${layer.field.map(({ size }) => size).join(' × ')} voxels`);
const { cubes } = layer.units.reduce((best, unit) =>
  unit.cubes[0].activation > best.cubes[0].activation ? unit : best,
);
await save('volumes-cubes', cubeSheet(cubes, { scale: 6 }));
training.close();
