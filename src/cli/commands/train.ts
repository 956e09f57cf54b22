import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { Rng } from '../../core/rng.ts';
import { weightsHash } from '../../io/identity.ts';
import { type Dataset, selectClasses } from '../../metric/training/dataset.ts';
import { folderDataset } from '../../metric/training/folder-dataset.ts';
import { type EmbeddingTraining, type TrainingStep, trainEmbedding } from '../../metric/training/trainer.ts';
import { turnedClasses } from '../../metric/training/turned-classes.ts';
import { convEncoder } from '../../models/conv-encoder.ts';
import { writeEncoder } from '../../models/encoder-file.ts';
import { adam } from '../../optimize/adam.ts';
import { cosine, warmUp } from '../../optimize/schedules.ts';
import { createEngine } from '../../runtime/create-engine.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { beforeStop } from '../interrupt.ts';
import { examples, jsonOption, prose } from '../options.ts';
import { type Progress, progressOf } from '../progress.ts';
import type { Session } from '../session.ts';
import { count } from '../text.ts';
import {
  augmentations,
  type LossOptions,
  losses,
  minings,
  objectiveOf,
  parseFilters,
  parseNumber,
  parseShare,
} from '../train-options.ts';
import { trainingBar } from '../training-bar.ts';

interface TrainCommandOptions extends LossOptions {
  readonly json?: true;
  readonly out: string;
  readonly size: number;
  readonly grey?: true;
  readonly embedding: number;
  readonly filters: readonly number[];
  readonly steps: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly seed: number;
  readonly augment: string;
  readonly flip?: true;
  readonly turns?: true;
  readonly heldOut: number;
  readonly every: number;
  readonly patience?: number;
  readonly checkpoint?: string;
  readonly resume?: true;
  readonly skipUnreadable?: true;
  readonly threads: number;
  readonly report?: string;
}

/** Options of the file that `--resume` goes on from and Ctrl-C writes. */
const checkpointOf = ({ checkpoint, out }: TrainCommandOptions): string => checkpoint ?? `${out}.checkpoint`;

/** Holds out a share of the classes, chosen by the seed; none of fewer than two. */
function splitClasses(dataset: Dataset, share: number, seed: number): { train: Dataset; held?: Dataset } {
  const names = new Rng(seed).shuffle(dataset.classes.map(({ name }) => name));
  const out = new Set(names.slice(0, Math.round(names.length * share)));
  if (out.size < 2) return { train: dataset };
  return {
    train: selectClasses(dataset, (name) => !out.has(name)),
    held: selectClasses(dataset, (name) => out.has(name)),
  };
}

async function run(folders: readonly string[], options: TrainCommandOptions, session: Session) {
  const { size, grey, embedding, filters, steps, seed, augment, flip, threads, learningRate, weightDecay } = options;
  checkOutput(options.out);
  const checkpoint = checkpointOf(options);
  checkOutput(checkpoint);
  if (options.report) checkOutput(options.report);
  const pixels = { channels: grey ? 1 : 3, mean: 127.5, divisor: 127.5 } as const;
  let reading: Progress | undefined;
  const pictures = await folderDataset(folders, {
    // Larger than the encoder's: what is turned and bent loses less so.
    size: Math.round(size * 1.5),
    ...pixels,
    unreadable: options.skipUnreadable ? 'skip' : 'fail',
    onProgress(_, total) {
      reading ??= progressOf(session.terminal, 'Reading', total);
      reading.step();
    },
  }).finally(() => reading?.done());
  const { train, held } = splitClasses(pictures, options.heldOut, seed);
  const classes = options.turns ? turnedClasses(train) : train;

  const network = { size, channels: pixels.channels, filters, embedding };
  const encoder = convEncoder(network);
  const engine = await createEngine({ threads });
  const changes = augmentations[augment];
  const training = trainEmbedding(encoder.graph, classes, {
    ...objectiveOf(options),
    parameters: encoder.initialise(seed),
    shape: encoder.shape,
    steps,
    seed,
    engine,
    optimizer: adam({
      learningRate: warmUp(cosine(learningRate, { steps, floor: learningRate / 100 }), Math.ceil(steps / 50)),
      weightDecay,
    }),
    ...((changes || flip) && { augment: { ...changes, ...(flip && { flip }), fill: 1 } }),
    ...(held && {
      validation: { dataset: held, every: options.every, ...(options.patience && { patience: options.patience }) },
    }),
    checkpoint: { path: checkpoint, every: options.every },
    ...(options.resume && { resume: readFileSync(checkpoint) }),
  });
  const start = performance.now();
  const done = training.step;
  const taken: TrainingStep[] = [];
  const { last, best } = await watch(training, steps, checkpoint, session, options.report ? taken : undefined);
  const seconds = (performance.now() - start) / 1000;
  writeWhole(options.out, writeEncoder({ options: network, pixels, parameters: training.best }));
  const result = {
    model: options.out,
    classes: classes.classes.length,
    images: pictures.size,
    heldOut: held?.classes.length ?? 0,
    unreadable: pictures.unreadable,
    steps: training.step,
    loss: last?.loss ?? null,
    oneShotAccuracy: best ?? null,
    seconds,
    imagesPerSecond: last ? last.imagesPerSecond : null,
    weights: weightsHash(training.best),
    checkpoint,
  };
  if (options.report) {
    const { trainingReport } = await import('../training-report.ts');
    const lead = `${count(pictures.size, 'picture')} of ${count(classes.classes.length, 'class', 'classes')}, ${count(training.step, 'step')}, ${seconds.toFixed(1)} s.`;
    writeWhole(options.report, trainingReport(taken, encoder, training.best, held, lead));
  }
  training.close();
  engine.close();
  return { result, ran: result.steps - done, collapsed: last?.collapsed === true };
}

/** Runs a training to its end, with a bar; Ctrl-C leaves a checkpoint. */
async function watch(
  training: EmbeddingTraining,
  steps: number,
  checkpoint: string,
  session: Session,
  taken?: TrainingStep[],
) {
  const bar = trainingBar(session.terminal, steps, training.step);
  // A signal comes between steps: the training is as the last one left it.
  const forget = beforeStop(() => {
    writeWhole(checkpoint, training.checkpoint());
    session.terminal.err(`\nstopped after step ${training.step}; --resume goes on from ${checkpoint}\n`);
  });
  let last: TrainingStep | undefined;
  let best: number | undefined;
  let warned = false;
  try {
    for await (const step of training) {
      last = step;
      taken?.push(step);
      bar.step(step);
      if (step.validation !== undefined) best = Math.max(best ?? 0, step.validation);
      if (step.collapsed && !warned) {
        session.terminal.err(
          `facsimile: at step ${step.step} all embeddings have become one; try a smaller --learning-rate\n`,
        );
        warned = true;
      }
    }
  } finally {
    forget();
    bar.done();
  }
  return { last, best };
}

/** `facsimile train`: an encoder from folders of pictures. */
export function addTrain(program: Command, session: Session): void {
  program
    .command('train')
    .summary('train an encoder on folders of pictures')
    .description(
      prose(`Train a small convolutional encoder, for which pictures of one class are near each other and those of others are
far, also of classes that it never saw. Each folder below DIR that holds pictures is a class (DIR/ada/1.jpg); of several
DIRs, folders of one name are one class. Equal pictures, options and seed give equal bits, whatever the threads.

Some classes are held out: on them the encoder is measured while it learns (one example each, up to 20 classes), and the
best state is what is written. Ctrl-C leaves a checkpoint, from which --resume goes on as if nothing had happened.`),
    )
    .argument('<dir...>', 'folders of classes')
    .requiredOption('--out <file>', 'write the encoder: file.safetensors')
    .option('--size <pixels>', 'side that pictures are brought to', parseNumber(8, true), 28)
    .option('--grey', 'luminance only; otherwise red, green and blue')
    .option('--embedding <n>', 'numbers in an embedding', parseNumber(2, true), 128)
    .option('--filters <list>', 'filters of each block', parseFilters, [64, 64, 64, 64])
    .addOption(new Option('--loss <name>', 'what is learned').choices(losses).default('triplets'))
    .addOption(new Option('--mining <name>', 'which triplets count (default: semi-hard)').choices(minings))
    .option('--margin <d>', 'margin of triplets (default: 0.2) or contrastive (default: 1)', parseNumber(0))
    .option('--temperature <t>', 'temperature of episodes (default: 0.1)', parseNumber(1e-6))
    .option('--classes <p>', 'classes in a batch', parseNumber(2, true), 16)
    .option('--each <k>', 'pictures of each', parseNumber(2, true), 4)
    .option('--steps <n>', 'training steps', parseNumber(1, true), 1000)
    .option('--learning-rate <r>', 'of Adam, at its highest', parseNumber(0), 1e-3)
    .option('--weight-decay <r>', 'of Adam, decoupled', parseNumber(0), 1e-4)
    .option('--seed <n>', 'decides everything random', parseNumber(0, true), 1)
    .addOption(
      new Option('--augment <name>', 'random changes of pictures').choices(Object.keys(augmentations)).default('mild'),
    )
    .option('--flip', 'mirror half of all pictures')
    .option('--turns', 'pictures turned by 90°, 180° and 270° are classes of their own, as for letters and signs')
    .option('--held-out <share>', 'classes that are held out', parseShare, 0.2)
    .option('--every <n>', 'steps from one measure and checkpoint to the next', parseNumber(1, true), 100)
    .option('--patience <n>', 'stop after so many measures without a better one', parseNumber(1, true))
    .option('--checkpoint <file>', 'where the checkpoint is (default: OUT.checkpoint)')
    .option('--resume', 'go on from the checkpoint')
    .option('--skip-unreadable', 'leave out pictures that cannot be read, and list them')
    .option('--report <file.html>', 'write a report with training curves and a map of the held-out classes')
    .option('--threads <n>', 'threads', parseNumber(1, true), 1)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'train people --out people.safetensors',
        'train letters --out letters.safetensors --grey --turns --augment strong --loss episodes --classes 32 --each 2',
      ),
    )
    .action(
      session.action(async (folders: string[], options: TrainCommandOptions) => {
        const { result, ran, collapsed } = await run(folders, options, session);
        const { classes, images, heldOut, oneShotAccuracy, seconds, steps, unreadable } = result;
        const lines = [
          `trained ${count(ran, 'step')} on ${count(images, 'picture')} of ${count(classes, 'class', 'classes')} in ${seconds.toFixed(1)} s; wrote ${options.out}`,
        ];
        if (oneShotAccuracy !== null)
          lines.push(
            `one example is enough for ${(oneShotAccuracy * 100).toFixed(1)} % of pictures of ${heldOut} classes that it never saw (best of ${steps} steps)`,
          );
        if (unreadable.length > 0)
          lines.push(`left out: ${unreadable.map(({ path, reason }) => `${path} (${reason})`).join(', ')}`);
        return { text: lines.join('\n'), json: { ...result, collapsed } };
      }),
    );
}
