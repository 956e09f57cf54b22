import type { Command } from 'commander';
import { proportionInterval } from '../../metric/evaluation/interval.ts';
import { type LfwResult, lfwProtocol } from '../../metric/evaluation/lfw.ts';
import { foldsOf } from '../../metric/evaluation/lfw-pairs.ts';
import { type RocIntervals, rocIntervals } from '../../metric/evaluation/roc-interval.ts';
import { checkPhotos, type Evaluation, evaluatePairs, photosOf, photosText, readPairs } from '../evaluation.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { confidenceOption, examples, prose, seedOption, wholeNumber, withFaceOptions } from '../options.ts';
import { percent, percentRange } from '../percent.ts';
import { type EncoderOptions, modelOption, openEncoder } from '../photo-encoder.ts';
import type { Session } from '../session.ts';
import { columns } from '../text.ts';

interface EvaluateOptions extends EncoderOptions {
  readonly images: string;
  readonly pairs: readonly string[];
  readonly roc?: string;
  readonly confidence: number;
  readonly samples: number;
  readonly seed: number;
}

/** Accuracies by Clopper and Pearson, what is read from the ROC by the bootstrap. */
function intervalsOf({ pairs }: Evaluation, result: LfwResult, roc: RocIntervals, confidence: number) {
  const ofShare = (share: number) => proportionInterval(Math.round(share * pairs.length), pairs.length, { confidence });
  const right = result.folds.reduce((sum, fold) => sum + fold.accuracy * fold.pairs, 0) / pairs.length;
  return { accuracy: ofShare(right), accuracyAt06: ofShare(result.accuracyAt06), ...roc };
}

function summary(
  result: LfwResult,
  evaluation: Evaluation,
  intervals: ReturnType<typeof intervalsOf>,
  confidence: number,
): string {
  const { accuracy, standardError, tau, folds, accuracyAt06, auc, eer, tarAtFar1 } = result;
  const table = columns([
    ['', '', `${Number((confidence * 100).toPrecision(6))} % interval`, ''],
    [
      'accuracy',
      `${percent(accuracy)} ± ${percent(standardError)}`,
      percentRange(intervals.accuracy),
      `${folds.length} folds, threshold ${tau.toFixed(3)}`,
    ],
    ...(evaluation.faces
      ? [
          [
            'accuracy at 0.6',
            percent(accuracyAt06),
            percentRange(intervals.accuracyAt06),
            'the default threshold, all pairs',
          ],
        ]
      : []),
    ['area under ROC', auc.toFixed(5), `${intervals.auc.low.toFixed(5)} … ${intervals.auc.high.toFixed(5)}`, ''],
    ['equal error rate', percent(eer), percentRange(intervals.eer), ''],
    ['true accepts', percent(tarAtFar1), percentRange(intervals.tarAtFar), 'at 1 % false accepts'],
  ]);
  return [`${evaluation.pairs.length} pairs of ${photosText(evaluation)}`, table].join('\n');
}

/** `facsimile evaluate`: accuracy on labelled pairs by the LFW protocol. */
export function addEvaluate(program: Command, session: Session): void {
  const command = program
    .command('evaluate')
    .summary('measure accuracy on labelled pairs')
    .description(
      prose(`Measure accuracy on pairs of photos by the protocol of Labeled Faces in the Wild: each fold is decided at the
threshold that is best on the others. Photos are DIR/NAME/NAME_0001.jpg; each is embedded once, by the face nearest its
centre. Where no face is found, the centre of the photo is taken for one and counted as a miss.

A pairs file has one pair a line: "NAME I J" for photos of one person, "NAME I OTHER J" for photos of two. Each file is a
fold; a single file is cut into ten, unless it starts with "FOLDS PAIRS", as LFW's own pairs.txt does.

Intervals are those of Clopper and Pearson for accuracies, and of the bootstrap for what is read from the ROC. They take
pairs for independent.`),
    )
    .requiredOption('--images <dir>', 'folder of photos, one folder a person')
    .requiredOption('--pairs <files...>', 'files of pairs')
    .addOption(modelOption())
    .option(
      '--roc <file>',
      'write the ROC: file.svg or file.png for the plot, file.html for a report with the worst errors',
    )
    .addOption(confidenceOption())
    .addOption(wholeNumber('--samples <number>', 'samples of the bootstrap', 2).default(1000))
    .addOption(seedOption());
  withFaceOptions(command)
    .addHelpText('after', examples('evaluate --images lfw --pairs pairs.txt --roc roc.html'))
    .action(
      session.action(async ({ images, pairs: files, roc, confidence, samples, seed, ...options }: EvaluateOptions) => {
        if (roc) checkOutput(roc);
        const lists = await readPairs(files);
        const pairs = lists.flat();
        checkPhotos(images, photosOf(pairs));
        const encoder = await openEncoder(session, options);
        const evaluation = await evaluatePairs(encoder, images, pairs, session.terminal);
        const result = lfwProtocol(evaluation.pairs, foldsOf(lists));
        const ofRoc = rocIntervals(evaluation.pairs, { far: 0.01, confidence, samples, seed });
        const intervals = intervalsOf(evaluation, result, ofRoc, confidence);
        const text = summary(result, evaluation, intervals, confidence);
        if (roc) {
          const { rocFile } = await import('../roc-file.ts');
          writeWhole(roc, await rocFile(roc, images, result, evaluation, ofRoc, text));
        }
        const { tarAtFar, ...others } = intervals;
        return {
          text,
          json: {
            pairs: pairs.length,
            accuracy: result.accuracy,
            tau: result.tau,
            accuracyAt06: result.accuracyAt06,
            auc: result.auc,
            eer: result.eer,
            tarAtFar1: result.tarAtFar1,
            intervals: { ...others, tarAtFar1: tarAtFar },
            misses: evaluation.misses,
            images: evaluation.images,
            secondsPerImage: evaluation.seconds / evaluation.images,
          },
        };
      }),
    );
}
