import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { InputError } from '../../core/errors.ts';
import { readImage } from '../../image/read.ts';
import { featureNames } from '../../models/load-features.ts';
import { createEngine } from '../../runtime/create-engine.ts';
import type { StylizeOptions } from '../../style/options.ts';
import { settingsOf } from '../../style/settings.ts';
import { resultSize } from '../../style/sizes.ts';
import { inPhoto } from '../failure.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { checkFilm, filmSize } from '../film/film.ts';
import { examples, jsonOption, prose } from '../options.ts';
import type { Session } from '../session.ts';
import { lossText } from '../stylize/bar.ts';
import { checkPicture } from '../stylize/files.ts';
import { loadPainter } from '../stylize/network.ts';
import {
  paintingOf,
  parseLayers,
  parseNumbers,
  parseSteps,
  parseVariation,
  type StyleWords,
} from '../stylize/options.ts';
import { presetNames, presets } from '../stylize/presets.ts';
import { type Painted, paint } from '../stylize/run.ts';
import { isWavPath, stylizeSounds } from '../stylize/sound.ts';
import { count, duration } from '../text.ts';
import { parseNumber } from '../train-options.ts';

interface StylizeCommandOptions extends StyleWords {
  readonly json?: true;
  readonly out: string;
  readonly threads: number;
  readonly every?: number;
  readonly film?: string;
  readonly plot?: string;
  readonly checkpoint?: string;
  readonly resume?: true;
}

const checkpointOf = ({ checkpoint, out }: StylizeCommandOptions): string => checkpoint ?? `${out}.checkpoint`;

/** Says before minutes of work what cannot be written. */
function checkFiles(options: StylizeCommandOptions): void {
  const { out, film, plot } = options;
  checkPicture(out);
  if (film !== undefined) checkFilm(film);
  if (plot !== undefined && !/\.(svg|png)$/i.test(plot))
    throw new InputError(`--plot: ${plot} must end in .svg or .png`);
  for (const path of [out, film, plot, checkpointOf(options)]) if (path !== undefined) checkOutput(path);
}

async function run(content: string, styles: readonly string[], options: StylizeCommandOptions, session: Session) {
  checkFiles(options);
  const { out, threads, every, film, plot, checkpoint, resume, json: _, ...words } = options;
  const network = await loadPainter(words, session.terminal);
  const painting = paintingOf(content, styles, words);
  const picture = await inPhoto(content, readImage(content));
  const engine = await createEngine({ threads });
  const all: StylizeOptions = {
    ...painting,
    content: picture,
    network,
    engine,
    ...(resume && { resume: readFileSync(checkpointOf(options)) }),
  };
  const { steps: counts } = settingsOf(all);
  const size = resultSize(picture, all.size);
  const files = {
    out,
    checkpoint: checkpointOf(options),
    keeps: checkpoint !== undefined,
    ...(every !== undefined && { every }),
    ...(film !== undefined && { film: { path: film, ...filmSize(size) } }),
  };
  try {
    const painted = await paint(all, counts, files, session.terminal);
    if (plot !== undefined) await writePlot(plot, painted);
    return { painted, network: network.name };
  } finally {
    engine.close();
  }
}

/** Draws the losses of all steps. Loaded late: the drawing machinery is megabytes. */
async function writePlot(path: string, { steps }: Painted): Promise<void> {
  const { lossPlot } = await import('../../report/loss-plot.ts');
  const svg = lossPlot(
    steps.map(({ iteration, losses }) => ({ step: iteration, losses: { ...losses } })),
    'Losses of the painting',
  );
  if (/\.svg$/i.test(path)) return writeWhole(path, svg.text);
  const { pngOf } = await import('../../report/png.ts');
  writeWhole(path, await pngOf(svg));
}

const collect = (text: string, all: readonly string[] = []): string[] => [...all, text];

function addOptions(command: Command): Command {
  const about = presetNames.map((name) => `${name}: ${presets[name].about}`).join('; ');
  return command
    .requiredOption('-o, --out <file>', 'write the picture: file.png or file.jpg')
    .addOption(new Option('--preset <name>', `options that go together. ${about}`).choices(presetNames))
    .addOption(
      new Option(
        '--network <name>',
        'the network that sees (default: squeezenet where it was pulled, else faces)',
      ).choices(featureNames),
    )
    .option('--weights <path>', 'file or URL of its weights (default: as "facsimile models pull" keeps them)')
    .option('--size <pixels>', 'longer side of the result (default: as the content, at most 512)', parseNumber(1, true))
    .option('--style-scale <s>', 'size of style pictures over that of the result; smaller is finer', parseNumber(0))
    .option('--style-weights <list>', 'how much of each style there is: 2,1', parseNumbers)
    .option('--mask <file>', 'where the result has a style, white there; one for each style in turn, or none', collect)
    .option('--style-mask <file>', 'which part of a style picture counts; one for each in turn, or none', collect)
    .option('--content-weight <a>', 'α, how much the content counts', parseNumber(0))
    .option('--style-weight <b>', 'β, how much the style counts', parseNumber(0))
    .option('--variation-weight <w>', 'how much smoothness counts', parseNumber(0))
    .option('--variation <form>', 'squared, absolute, johnson, or an exponent', parseVariation)
    .option('--content-layers <list>', 'layers of the content: conv4_2', parseLayers)
    .option('--style-layers <list>', 'layers of the style, or with shares: conv1_1=1,conv2_1=0.5', parseLayers)
    .addOption(
      new Option('--normalization <name>', 'whose factors stand before the losses (default: relative)').choices([
        'relative',
        'gatys',
        'gatys-pytorch',
        'johnson',
      ]),
    )
    .addOption(new Option('--pooling <name>', 'how the network pools (default: max)').choices(['max', 'average']))
    .addOption(
      new Option('--preserve-colors <how>', "keep the content's colours").choices([
        'luminance',
        'covariance',
        'histogram',
      ]),
    )
    .option('--start <what>', 'content, noise (normal, uniform), or a picture (default: content)')
    .option('--seed <n>', 'of the noise (default: 0)', parseNumber(0, true))
    .addOption(
      new Option('--optimizer <name>', 'how J is made small (default: lbfgs)').choices(['lbfgs', 'adam', 'descent']),
    )
    .option('--learning-rate <r>', 'of adam (default: 10) or descent (default: 1)', parseNumber(0))
    .option('--history <n>', 'pairs that L-BFGS keeps (default: 100, or what fits 128 MB)', parseNumber(1, true))
    .option('--levels <n>', 'sizes that are painted one after another, each twice the one before', parseNumber(1, true))
    .option('--steps <list>', 'steps of each level, or a number a level from the smallest: 100,60,30', parseSteps)
    .option('--tolerance <t>', 'end a level where the loss falls by less than this share a step', parseNumber(0))
    .addOption(
      new Option('--clamp <when>', 'keep pixels in range at the end, or after each step').choices(['end', 'step']),
    )
    .option('--tile <pixels>', 'longest side of what is worked on at once', parseNumber(1, true))
    .option('--memory <MB>', 'memory for activations; larger pictures are tiled (default: 1024)', parseNumber(1))
    .option('--threads <n>', 'threads', parseNumber(1, true), 1)
    .option('--every <n>', 'write the picture (OUT-0050.png) and the checkpoint every n steps', parseNumber(1, true))
    .option('--film <file>', 'film the painting: file.gif, .png (animated) or .webp')
    .option('--plot <file>', 'draw the losses: file.svg or file.png')
    .option('--checkpoint <file>', 'keep the state to go on from (default: OUT.checkpoint, where it is stopped)')
    .option('--resume', 'go on from the checkpoint; pictures and options as they were, steps may be more')
    .addOption(jsonOption());
}

/** `facsimile stylize`: a picture painted in the style of others. */
export function addStylize(program: Command, session: Session): void {
  const command = program
    .command('stylize')
    .summary('paint a picture in the style of another')
    .description(
      prose(`Paint CONTENT in the style of STYLE, or of several (Gatys, Ecker & Bethge 2015). Equal pictures, options and seed give
equal pixels, whatever the threads.

Ctrl-C ends behind the step that is being made: OUT is the picture so far, and --resume goes on as if nothing had
happened.`),
    )
    .argument('<content>', 'what is painted; or a WAV file, that takes on the texture of another')
    .argument('<style...>', 'pictures whose style is taken');
  addOptions(command)
    .addHelpText(
      'after',
      examples(
        'stylize town.jpg night.jpg -o out.png',
        'stylize town.jpg night.jpg wave.jpg -o out.png --style-weights 2,1 --film out.gif',
        'stylize town.jpg night.jpg -o poster.jpg --preset poster --memory 512 --every 20',
        'stylize speech.wav music.wav -o out.wav --plot out.png',
      ),
    )
    .action(
      session.action(async (content: string, styles: string[], options: StylizeCommandOptions) => {
        if (isWavPath(content)) return stylizeSounds(content, styles, options, session.terminal);
        const { painted, network } = await run(content, styles, options, session);
        const { last, picture, seconds, progress, steps } = painted;
        const { width, height } = picture;
        const { out, film, plot } = options;
        return {
          text: `painted ${count(steps.length, 'step')} with ${network} in ${duration(seconds)}, ${lossText(last)}; wrote ${out} (${width} × ${height})`,
          json: {
            picture: out,
            width,
            height,
            network,
            steps: last.iteration,
            losses: last.losses,
            optimizer: last.optimizer,
            seconds,
            progress,
            film: film ?? null,
            plot: plot ?? null,
          },
        };
      }),
    );
}
