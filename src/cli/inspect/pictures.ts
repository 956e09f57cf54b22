import type { Rule } from '../../graph/op.ts';
import { encodeJpeg } from '../../image/encode.ts';
import type { Box } from '../../image/geometry.ts';
import type { Picture, RgbaImage } from '../../image/image.ts';
import type { Patch } from '../../inspect/patch.ts';
import type { LayerPatches } from '../../inspect/top-patches.ts';
import { UnitPainter } from '../../inspect/unit-pictures.ts';
import type { FeatureNetwork } from '../../models/feature-network.ts';
import { fitWithin } from '../../report/canvas.ts';
import { dataUrl } from '../../report/data-url.ts';
import { type InspectedPatch, type InspectedPhoto, inspectionReport } from '../../report/inspection-report.ts';
import { inspectionSheet } from '../../report/inspection-sheet.ts';
import { beside } from '../../report/patch-grid.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { Progress } from '../progress.ts';
import type { PhotoCache } from './photo-cache.ts';
import { layerText, neverActive } from './text.ts';

/** Longest side of a photo in a report, and quality of its pictures. */
const PHOTO_SIDE = 240;
const QUALITY = 84;

export interface PaintOptions {
  readonly rule: Rule | 'none';
  readonly zoom: boolean;
  readonly count: number;
  readonly cell: number;
  readonly engine: Engine;
}

/** A layer with the pictures of its units. */
export interface PaintedLayer {
  readonly layer: LayerPatches;
  readonly units: readonly PaintedUnit[];
}

interface PaintedUnit {
  readonly unit: number;
  readonly picture: RgbaImage;
  readonly patches: readonly Patch[];
  readonly effective: readonly Box[];
}

/** Draws every unit of some layers. */
export async function paintLayers(
  network: FeatureNetwork,
  layers: readonly LayerPatches[],
  { rule, zoom, cell, engine, count: patches }: PaintOptions,
  cache: PhotoCache,
  progress: Progress,
): Promise<PaintedLayer[]> {
  const painted: PaintedLayer[] = [];
  for (const layer of layers) {
    const columns = Math.ceil(Math.sqrt(patches));
    const read = (patch: Patch): Promise<Picture> => cache.get(patch.image, () => patch.read());
    const painter = new UnitPainter(network, layer.layer, { rule, zoom, cell, columns, engine, read });
    const units: PaintedUnit[] = [];
    try {
      for (const { unit, patches } of layer.units) {
        const { patches: grid, projections, effective } = await painter.paint(unit, patches);
        units.push({ unit, patches, effective, picture: projections ? beside([projections, grid]) : grid });
        progress.step();
      }
    } finally {
      painter.close();
    }
    painted.push({ layer, units });
  }
  return painted;
}

/** All layers on one sheet, from shallow to deep. */
export const sheetOf = (title: string, text: string, layers: readonly PaintedLayer[]): Promise<RgbaImage> =>
  inspectionSheet(
    layers.map(({ layer, units }) => ({
      title: layer.layer,
      text: layerText(layer),
      units: units.map(({ unit, picture, patches }) => ({
        label: neverActive(patches) ? `unit ${unit}: never active` : `unit ${unit}`,
        picture,
      })),
    })),
    { title, text },
  );

/** All layers as one HTML file, with small copies of the photos. */
export async function reportOf(
  title: string,
  lead: string,
  layers: readonly PaintedLayer[],
  cache: PhotoCache,
): Promise<string> {
  const photos: InspectedPhoto[] = [];
  const numbers = new Map<string, number>();
  const photoOf = async (patch: Patch): Promise<number> => {
    const known = numbers.get(patch.image);
    if (known !== undefined) return known;
    const small = fitWithin(await cache.get(patch.image, () => patch.read()), PHOTO_SIDE, PHOTO_SIDE);
    const url = dataUrl(await encodeJpeg(small, QUALITY), 'image/jpeg');
    numbers.set(patch.image, photos.length);
    return photos.push({ name: patch.image, url, width: small.width, height: small.height }) - 1;
  };
  const patchOf = async (patch: Patch, effective: Box | undefined): Promise<InspectedPatch> => {
    const { width, height } = patch.frame.picture;
    const { box, centre, activation } = patch;
    const shares = (of: Box) => ({
      x: of.x / width,
      y: of.y / height,
      width: of.width / width,
      height: of.height / height,
    });
    return {
      photo: await photoOf(patch),
      activation,
      box: shares(box),
      ...(effective && { effective: shares(effective) }),
      centre: { x: centre.x / width, y: centre.y / height },
    };
  };
  const inspected = [];
  for (const { layer, units } of layers) {
    const drawn = [];
    for (const { unit, picture, patches, effective } of units) {
      const places: InspectedPatch[] = [];
      for (const [i, patch] of patches.entries()) places.push(await patchOf(patch, effective[i]));
      const url = dataUrl(await encodeJpeg(picture, QUALITY), 'image/jpeg');
      drawn.push({ unit, url, width: picture.width, height: picture.height, patches: places });
    }
    inspected.push({ layer: layer.layer, text: layerText(layer), units: drawn });
  }
  return inspectionReport({ title, lead, layers: inspected, photos, foot: 'Made by facsimile inspect.' });
}
