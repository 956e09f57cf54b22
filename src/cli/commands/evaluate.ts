import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type LfwResult, lfwProtocol } from '../../metric/lfw.ts';
import { foldsOf, parsePairs } from '../../metric/lfw-pairs.ts';
import { checkPhotos, type Evaluation, evaluatePairs, photosOf } from '../evaluation.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { examples, type FaceOptions, prose, withFaceOptions } from '../options.ts';
import { progressOf } from '../progress.ts';
import type { Session } from '../session.ts';
import { columns } from '../text.ts';

interface EvaluateOptions extends FaceOptions {
  readonly images: string;
  readonly pairs: readonly string[];
  readonly roc?: string;
}

const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;

function summary(result: LfwResult, { pairs, images, misses, seconds }: Evaluation): string {
  const { accuracy, standardError, tau, folds, accuracyAt06, auc, eer, tarAtFar1 } = result;
  const table = columns([
    [
      'accuracy',
      `${percent(accuracy)} ± ${percent(standardError)}`,
      `${folds.length} folds, threshold ${tau.toFixed(3)}`,
    ],
    ['accuracy at 0.6', percent(accuracyAt06), 'the default threshold, all pairs'],
    ['area under ROC', auc.toFixed(5), ''],
    ['equal error rate', percent(eer), ''],
    ['true accepts', percent(tarAtFar1), 'at 1 % false accepts'],
  ]);
  return [
    `${pairs.length} pairs of ${images} photos, ${misses} without a face found, ${(seconds / images).toFixed(3)} s a photo`,
    table,
  ].join('\n');
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
fold; a single file is cut into ten, unless it starts with "FOLDS PAIRS", as LFW's own pairs.txt does.`),
    )
    .requiredOption('--images <dir>', 'folder of photos, one folder a person')
    .requiredOption('--pairs <files...>', 'files of pairs')
    .option('--roc <file>', 'write the ROC: file.svg for the plot, file.html for a report with the worst errors');
  withFaceOptions(command)
    .addHelpText('after', examples('evaluate --images lfw --pairs pairs.txt --roc roc.html'))
    .action(
      session.action(async ({ images, pairs: files, roc, ...options }: EvaluateOptions) => {
        if (roc) checkOutput(roc);
        const lists = [];
        for (const file of files) lists.push(parsePairs(await readFile(file, 'utf8'), file));
        const pairs = lists.flat();
        const photos = photosOf(pairs);
        checkPhotos(images, photos);
        const faces = await session.openFaces(options);
        const progress = progressOf(session.terminal, 'Embedding', photos.length);
        const evaluation = await evaluatePairs(faces, images, pairs, progress).finally(() => progress.done());
        const result = lfwProtocol(evaluation.pairs, foldsOf(lists));
        if (roc) {
          const { rocFile } = await import('../roc-file.ts');
          writeWhole(roc, await rocFile(roc, images, result, evaluation, summary(result, evaluation)));
        }
        return {
          text: summary(result, evaluation),
          json: {
            pairs: pairs.length,
            accuracy: result.accuracy,
            tau: result.tau,
            accuracyAt06: result.accuracyAt06,
            auc: result.auc,
            eer: result.eer,
            tarAtFar1: result.tarAtFar1,
            misses: evaluation.misses,
            images: evaluation.images,
            secondsPerImage: evaluation.seconds / evaluation.images,
          },
        };
      }),
    );
}
