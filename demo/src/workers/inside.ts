import { type Faces, loadFaces } from 'facsimile/faces';
import type { Box, RgbaImage } from 'facsimile/image';
import { type TopPatches, topPatches, UnitPainter } from 'facsimile/inspect';
import { type FeatureNetwork, loadFeatures } from 'facsimile/models';
import { canvasOf, cutOut, inPicture, squareAround, thumbnail } from './crop.ts';
import { openPhoto } from './open-photo.ts';
import { serve, tell } from './serve.ts';
import { fetchWeights } from './weights.ts';

/** A layer of the network that can be looked into. */
export interface Layer {
  readonly name: string;
  readonly units: number;
  /** Pixels that a unit sees, of a face of 150 × 150. */
  readonly sees: number;
}

/** A unit with its nine patches in one small picture. */
export interface UnitTile {
  readonly unit: number;
  readonly picture: ImageBitmap;
  readonly strongest: number;
}

/** One of a unit's patches. */
export interface UnitPatch {
  readonly picture: ImageBitmap;
  /** What of the patch drives the unit, by a deconvolutional network. */
  readonly projection: ImageBitmap;
  readonly activation: number;
  /** Which face it is of. */
  readonly face: number;
  /** Where in it, as shares of its width and height. */
  readonly box: Box;
}

/** What was looked at, and what there is to see. */
export interface Survey {
  readonly layers: readonly Layer[];
  readonly faces: readonly Blob[];
}

/** How far looking at faces has come. */
export interface SurveyNews {
  readonly done: number;
  readonly of: number;
}

const PATCHES = 9;
const [TILE, LARGE, GAP] = [36, 120, 2];
const SHOWN = 240;

interface Subjects {
  readonly faces: Faces;
  readonly network: FeatureNetwork;
}

let loading: Promise<Subjects> | undefined;
async function open(): Promise<Subjects> {
  const weights = await (await fetchWeights()).arrayBuffer();
  const [faces, network] = await Promise.all([
    loadFaces({ weights, detector: 'ssd' }),
    loadFeatures('faces', { weights }),
  ]);
  return { faces, network };
}
const load = (): Promise<Subjects> => {
  loading ??= open().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
};

let found: TopPatches | undefined;

/** The faces of a photo as square pictures of their own, as large as they are and as small ones to show. */
async function facesOf(photo: Blob, { faces }: Subjects): Promise<{ picture: RgbaImage; shown: Blob }[]> {
  const picture = await openPhoto(photo);
  const canvas = canvasOf(picture);
  return Promise.all(
    (await faces.detect(picture)).map(async ({ box }) => {
      const square = squareAround(inPicture(box, picture), 1.35, picture);
      return { picture: cutOut(canvas, square), shown: await thumbnail(canvas, square, SHOWN) };
    }),
  );
}

/** The cells of a grid of patches, one after another. */
function cellsOf({ data, width, height }: RgbaImage, count: number): Promise<ImageBitmap[]> {
  const pixels = new ImageData(width, height);
  pixels.data.set(data);
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      createImageBitmap(pixels, (i % 3) * (LARGE + GAP), Math.floor(i / 3) * (LARGE + GAP), LARGE, LARGE),
    ),
  );
}

function unitsOf(layer: string) {
  const units = found?.layers.find((candidate) => candidate.layer === layer)?.units;
  if (!units) throw new Error(`Nothing has been looked at with ${layer} yet.`);
  return units;
}

const service = {
  /** Shows the faces of some photos to the network, and notes where each of its units is most active. */
  async survey(photos: readonly Blob[]): Promise<Survey> {
    const subjects = await load();
    const faces: { picture: RgbaImage; shown: Blob }[] = [];
    for (const photo of photos) faces.push(...(await facesOf(photo, subjects)));
    if (faces.length < PATCHES) throw new Error(`Nine faces are the least, these photos show ${faces.length}.`);
    const { network } = subjects;
    found = await topPatches(network, {
      layers: network.layers,
      images: faces.map(({ picture }, i) => ({ name: String(i), source: picture })),
      count: PATCHES,
      onProgress: (done) => tell({ survey: { done, of: faces.length } satisfies SurveyNews }),
    });
    return {
      layers: found.layers.map(({ layer, channels, field }) => ({
        name: layer,
        units: channels,
        sees: field[0]!.size,
      })),
      faces: faces.map(({ shown }) => shown),
    };
  },

  /** Some units of a layer, each with its nine patches in small. */
  async tiles(layer: string, first: number, count: number): Promise<UnitTile[]> {
    const { network } = await load();
    const painter = new UnitPainter(network, layer, { rule: 'none', cell: TILE, gap: 1 });
    const tiles: UnitTile[] = [];
    for (const { unit, patches } of unitsOf(layer).slice(first, first + count)) {
      const { data, width, height } = (await painter.paint(unit, patches)).patches;
      const pixels = new ImageData(width, height);
      pixels.data.set(data);
      tiles.push({ unit, picture: await createImageBitmap(pixels), strongest: patches[0]?.activation ?? 0 });
    }
    return tiles;
  },

  /** The nine patches of a unit, the strongest first, and what of each drives it. */
  async unit(layer: string, unit: number): Promise<UnitPatch[]> {
    const { network } = await load();
    const { patches } = unitsOf(layer)[unit]!;
    const painter = new UnitPainter(network, layer, { cell: LARGE, gap: GAP });
    try {
      const drawn = await painter.paint(unit, patches);
      const [pictures, projections] = await Promise.all([
        cellsOf(drawn.patches, patches.length),
        cellsOf(drawn.projections!, patches.length),
      ]);
      return patches.map(({ activation, image, box, frame }, i) => ({
        activation,
        picture: pictures[i]!,
        projection: projections[i]!,
        face: Number(image),
        box: {
          x: box.x / frame.picture.width,
          y: box.y / frame.picture.height,
          width: box.width / frame.picture.width,
          height: box.height / frame.picture.height,
        },
      }));
    } finally {
      painter.close();
    }
  },
};

export type InsideService = typeof service;
serve(service);
