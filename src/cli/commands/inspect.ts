import { relative } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../../core/errors.ts';
import { listPictures } from '../../image/picture-files.ts';
import type { Units } from '../../inspect/top-activations.ts';
import { type LayerPatches, type TopPatches, topPatches } from '../../inspect/top-patches.ts';
import type { FeatureNetwork } from '../../models/feature-network.ts';
import { createEngine } from '../../runtime/create-engine.ts';
import type { Engine } from '../../runtime/engine.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { inspectedModel, inspectedNames } from '../inspect/inspected-model.ts';
import { parseLayers, parseUnits, spread } from '../inspect/options.ts';
import { layerText, neverActive } from '../inspect/text.ts';
import { examples, jsonOption, prose } from '../options.ts';
import { progressOf } from '../progress.ts';
import type { Session } from '../session.ts';
import { columns, count } from '../text.ts';
import { parseNumber } from '../train-options.ts';

interface InspectCommandOptions {
  readonly json?: true;
  readonly images: string;
  readonly layers?: readonly string[];
  readonly units?: Units;
  readonly count: number;
  readonly size?: number;
  readonly fit: 'square' | 'whole';
  readonly rule: 'deconvnet' | 'guided' | 'gradient' | 'none';
  readonly zoom?: true;
  readonly cell: number;
  readonly sheet?: string;
  readonly report?: string;
  readonly weights?: string;
  readonly threads: number;
}

/** Layers and units that are shown unless told otherwise. */
const LAYERS = 4;
const UNITS = 16;

/** Searches the pictures of a folder. */
async function search(
  network: FeatureNetwork,
  layers: readonly string[],
  { images: folder, units, count: most, size, fit }: InspectCommandOptions,
  engine: Engine,
  session: Session,
): Promise<TopPatches> {
  const files = await listPictures('inspect', folder);
  if (files.length === 0) throw new InputError(`inspect: there are no pictures in ${folder}`);
  const progress = progressOf(session.terminal, 'Looking', files.length);
  const images = files.map(({ path }) => ({ name: relative(folder, path), source: path }));
  let seen = 0;
  try {
    const found = await topPatches(network, {
      layers,
      images,
      count: most,
      fit,
      ...(size !== undefined && { size }),
      ...(units && { units }),
      engine,
      unreadable: 'skip',
      onProgress(samples) {
        for (; seen < samples; seen++) progress.step();
      },
    });
    // All units cost no more than some; unless asked for, the first of each layer are shown.
    const shown = found.layers.map((layer) => ({ ...layer, units: units ? layer.units : layer.units.slice(0, UNITS) }));
    return { ...found, layers: shown };
  } finally {
    progress.done();
  }
}

/** Draws what was asked for. Loaded late: the drawing machinery is megabytes. */
async function draw(
  network: FeatureNetwork,
  found: TopPatches,
  { sheet, report, rule, zoom, cell, count: most }: InspectCommandOptions,
  engine: Engine,
  session: Session,
): Promise<void> {
  const { paintLayers, reportOf, sheetOf } = await import('../inspect/pictures.ts');
  const { PhotoCache } = await import('../inspect/photo-cache.ts');
  const { encodePng } = await import('../../image/encode.ts');
  const units = found.layers.reduce((sum, layer) => sum + layer.units.length, 0);
  const progress = progressOf(session.terminal, 'Drawing', units);
  const cache = new PhotoCache();
  const title = `What units of ${network.name} look for`;
  const lead = `The patches that activate each unit most, of ${count(found.images, 'picture')}, each from another one${rule === 'none' ? '' : `; on the left what of them drives the unit (${rule})`}.`;
  try {
    const painted = await paintLayers(
      network,
      found.layers,
      { rule, zoom: zoom === true, cell, count: most, engine },
      cache,
      progress,
    );
    if (sheet) writeWhole(sheet, await encodePng(await sheetOf(title, lead, painted)));
    if (report) writeWhole(report, await reportOf(title, lead, painted, cache));
  } finally {
    progress.done();
  }
}

const layerLines = (layer: LayerPatches): string =>
  [
    `${layer.layer}: ${layerText(layer)}`,
    columns(
      layer.units.map(({ unit, patches }) => {
        const { activation, image, position } = patches[0]!;
        if (neverActive(patches)) return [`unit ${unit}`, 'never active', '', ''];
        const at = position.length > 0 ? `at (${position.join(', ')})` : '';
        return [`unit ${unit}`, activation.toPrecision(4), image, at];
      }),
    ),
  ].join('\n');

async function run(model: string, options: InspectCommandOptions, session: Session) {
  const { sheet, report, weights, threads } = options;
  for (const file of [sheet, report]) if (file) checkOutput(file);
  if (sheet && !/\.png$/i.test(sheet)) throw new InputError(`--sheet: ${sheet} must end in .png`);
  if (options.zoom && options.rule === 'none')
    throw new InputError('--zoom cuts patches to what drives the unit, which --rule none leaves out');
  const network = await inspectedModel(model, {
    ...(weights && { weights }),
    ...(options.layers && { layers: options.layers }),
  });
  const layers = options.layers ?? spread(network.layers, LAYERS);
  const engine = await createEngine({ threads });
  const start = performance.now();
  try {
    const found = await search(network, layers, options, engine, session);
    const seconds = (performance.now() - start) / 1000;
    if (sheet || report) await draw(network, found, options, engine, session);
    return { network, found, seconds };
  } finally {
    engine.close();
  }
}

const jsonOf = ({ layer, channels, field, units }: LayerPatches) => ({
  layer,
  channels,
  field,
  units: units.map(({ unit, patches }) => ({
    unit,
    patches: patches.map(({ image, activation, position, box, seesAll }) => ({
      image,
      activation,
      position,
      box,
      seesAll,
    })),
  })),
});

/** `facsimile inspect MODEL`: what the units of a network look for. */
export function addInspect(program: Command, session: Session): void {
  program
    .command('inspect')
    .summary('show what the units of a network look for')
    .description(
      prose(`Find, for units of several layers, the image patches that activate them most (Zeiler & Fergus 2013): of each picture a
unit's strongest place, of these the nine strongest of different pictures. Beside them stands what of each patch drives the
unit. Any number of pictures goes through in constant memory; equal pictures and options give equal bits.

MODEL is ${inspectedNames.join(', ')}, a file that "facsimile train" wrote, or the model.json of a tfjs layers model that sees
values of 0 to 1. Pictures that cannot be read are left out and listed; if
none can, the exit code is 2.`),
    )
    .argument('<model>', 'name of a network, or file of one')
    .requiredOption('--images <dir>', 'folder of pictures, those below it included')
    .option('--layers <list>', `layers: conv1,conv2 (default: ${LAYERS} from shallow to deep)`, parseLayers)
    .option('--units <list>', `units of each: all, or 0-15,20 (default: the first ${UNITS})`, parseUnits)
    .option('--count <n>', 'patches of a unit', parseNumber(1, true), 9)
    .option('--sheet <file.png>', 'draw all layers on one sheet')
    .option('--report <file.html>', 'write one file to click through: layers, units, patches, photos')
    .addOption(
      new Option('--rule <name>', 'how activations are led back to pixels')
        .choices(['deconvnet', 'guided', 'gradient', 'none'])
        .default('deconvnet'),
    )
    .option('--zoom', 'cut patches to the part that drives the unit most')
    .option('--cell <pixels>', 'side of a patch in pictures', parseNumber(8, true), 56)
    .option('--size <pixels>', 'side of what the network sees (default: as it is used)', parseNumber(1, true))
    .addOption(
      new Option('--fit <how>', 'what it sees: the middle square, or all of a picture')
        .choices(['square', 'whole'])
        .default('square'),
    )
    .option('--weights <path>', 'file or URL of weights (default: as "facsimile models pull" keeps them)')
    .option('--threads <n>', 'threads', parseNumber(1, true), 1)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'inspect faces --images photos --report faces.html',
        'inspect faces --images photos --layers conv32_3,conv128_2 --units 0-31 --zoom --sheet sheet.png',
        'inspect squeezenet --images photos --units all --json',
      ),
    )
    .action(
      session.action(async (model: string, options: InspectCommandOptions) => {
        const { network, found, seconds } = await run(model, options, session);
        const { images, skipped, layers } = found;
        const { report, sheet, count: most } = options;
        const lines = [
          `looked at ${count(images, 'picture')} in ${seconds.toFixed(1)} s (${((seconds / images) * 1000).toFixed(1)} ms each)`,
          ...layers.map(layerLines),
        ];
        if (images < most) lines.push(`only ${count(images, 'picture')}: a unit has as many patches, not ${most}`);
        if (skipped.length > 0) lines.push(`left out: ${skipped.map(({ reason }) => reason).join('; ')}`);
        for (const file of [sheet, report]) if (file) lines.push(`wrote ${file}`);
        return {
          text: lines.join('\n'),
          json: {
            model: network.name,
            images,
            skipped,
            seconds,
            layers: layers.map(jsonOf),
            sheet: sheet ?? null,
            report: report ?? null,
          },
        };
      }),
    );
}
