import type { Shape } from '../core/shape.ts';
import type { Rule } from '../graph/op.ts';
import type { Box } from '../image/geometry.ts';
import type { Picture, RgbaImage } from '../image/image.ts';
import type { FeatureNetwork } from '../models/feature-network.ts';
import { type PatchGridOptions, patchGrid } from '../report/patch-grid.ts';
import type { Engine } from '../runtime/engine.ts';
import { boxOf, type Framed } from './frame.ts';
import { cutOut, type Patch } from './patch.ts';
import { Projector } from './projection.ts';
import { projectionPicture } from './projection-picture.ts';
import { effectiveField, type Span } from './saliency.ts';
import { networkSubject } from './subject.ts';

export interface UnitPicturesOptions extends PatchGridOptions {
  /** How activations are led back to the patches. Default: `'deconvnet'`; `'none'` saves the time. */
  readonly rule?: Rule | 'none';
  /**
   * True: patches are cut to the part that drives the unit most, where that is less than what it sees. False: all that the
   * unit sees is shown, that part framed where it sees the whole input. Default: false.
   */
  readonly zoom?: boolean;
  readonly engine?: Engine;
  /** Reads the picture of a patch. Default: its `read`. */
  readonly read?: (patch: Patch) => Promise<Picture>;
}

/** A unit's patches as pictures. */
export interface UnitPictures {
  readonly patches: RgbaImage;
  /** What of each patch drives the unit; absent with rule `'none'`. */
  readonly projections?: RgbaImage;
  /** The part of each picture that drives the unit most, in pixels of the original; empty with rule `'none'`. */
  readonly effective: readonly Box[];
}

/** Samples that go through the network together when they are led back. */
const BATCH = 3;
/** How much more than its effective field is shown of a patch. */
const ROOM = 1.25;

interface Drawn {
  readonly patch: Patch;
  readonly picture: Picture;
}

/** A patch with what drives the unit, [1, H, W, C] as the network sees the picture. */
interface Projected extends Drawn {
  readonly values: Float32Array;
  readonly shape: Shape;
}

/**
 * Draws the patches of units of one layer as grids, beside what of them drives the unit (the picture of Zeiler & Fergus
 * 2014). It holds a workspace until `close`.
 */
export class UnitPainter {
  readonly #network: FeatureNetwork;
  readonly #layer: string;
  readonly #options: UnitPicturesOptions;
  #projector: { readonly key: string; readonly projector: Projector } | undefined;

  constructor(network: FeatureNetwork, layer: string, options: UnitPicturesOptions = {}) {
    this.#network = network;
    this.#layer = layer;
    this.#options = options;
  }

  /** @throws ImageError where a picture has gone */
  async paint(unit: number, patches: readonly Patch[]): Promise<UnitPictures> {
    const { rule = 'deconvnet', zoom = false, read = (patch) => patch.read(), ...grid } = this.#options;
    const drawn: Drawn[] = [];
    for (const patch of patches) drawn.push({ patch, picture: await read(patch) });
    if (rule === 'none')
      return {
        patches: patchGrid(
          drawn.map(({ patch, picture }) => ({ picture: cutOut(picture, patch.box) })),
          grid,
        ),
        effective: [],
      };
    const cells = (await this.#project(unit, drawn, rule)).map((one) => cellOf(one, zoom));
    return {
      patches: patchGrid(
        cells.map(({ patch }) => patch),
        grid,
      ),
      projections: patchGrid(
        cells.map(({ projection }) => projection),
        grid,
      ),
      effective: cells.map(({ effective }) => effective),
    };
  }

  close(): void {
    this.#projector?.projector.close();
    this.#projector = undefined;
  }

  /** Leads a unit's activations back, those in samples of one shape together. */
  async #project(unit: number, drawn: readonly Drawn[], rule: Rule): Promise<Projected[]> {
    const done: Projected[] = [];
    let batch: { readonly one: Drawn; readonly sample: Framed }[] = [];
    const flush = (): void => {
      if (batch.length === 0) return;
      const { shape } = batch[0]!.sample;
      const projections = this.#projectorFor(shape).project(
        batch.map(({ one, sample }) => ({ values: sample.values, unit, position: one.patch.position })),
        rule,
      );
      for (const [i, { one }] of batch.entries()) done.push({ ...one, values: projections[i]!.values, shape });
      batch = [];
    };
    for (const one of drawn) {
      const sample = await one.patch.sample(one.picture);
      if (batch.length === BATCH || (batch[0] && String(batch[0].sample.shape) !== String(sample.shape))) flush();
      batch.push({ one, sample });
    }
    flush();
    return done;
  }

  #projectorFor(shape: Shape): Projector {
    const key = String(shape);
    if (this.#projector?.key === key) return this.#projector.projector;
    this.close();
    const { engine } = this.#options;
    const options = { layer: this.#layer, shape, batch: BATCH, ...(engine && { engine }) };
    const projector = new Projector(networkSubject(this.#network), options);
    this.#projector = { key, projector };
    return projector;
  }
}

/** A patch and its projection as cells of a grid, and the part that drives the unit most. */
function cellOf({ patch, picture, values, shape }: Projected, zoom: boolean) {
  const spans = effectiveField(values, shape) as [Span, Span];
  const effective = boxOf(patch.frame, ...spans);
  const { rows, columns } = patch.cells;
  const [y, x] = zoom ? closer(spans, [rows, columns]) : [rows, columns];
  const box = boxOf(patch.frame, y, x);
  const framed = !zoom && patch.seesAll ? { frame: within(effective, box, picture) } : {};
  return {
    patch: { picture: cutOut(picture, box), ...framed },
    projection: { picture: projectionPicture(values, shape, y, x) },
    effective,
  };
}

/** A square around the effective field with some room, no larger than what the unit sees. */
function closer(effective: readonly [Span, Span], seen: readonly [Span, Span]): [Span, Span] {
  const side = Math.round(Math.max(effective[0].size, effective[1].size) * ROOM);
  return seen.map((all, axis): Span => {
    if (side >= all.size) return all;
    const { first, size } = effective[axis]!;
    const start = Math.round(first + size / 2 - side / 2);
    return { first: Math.min(Math.max(start, all.first), all.first + all.size - side), size: side };
  }) as [Span, Span];
}

/** A box of the original as pixels of what was cut out of a picture. */
function within(box: Box, of: Box, { width, height, sourceWidth, sourceHeight }: Picture): Box {
  const [x, y] = [width / sourceWidth, height / sourceHeight];
  return { x: (box.x - of.x) * x, y: (box.y - of.y) * y, width: box.width * x, height: box.height * y };
}
