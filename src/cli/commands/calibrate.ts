import { type Command, Option } from 'commander';
import { type Calibration, calibrate } from '../../metric/decision/calibrate.ts';
import { fitProbability } from '../../metric/decision/probability.ts';
import { calibrationText } from '../calibration-file.ts';
import { checkPhotos, evaluatePairs, photosOf, photosText, readPairs } from '../evaluation.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { confidenceOption, examples, parseWhole, prose, shareOption, withFaceOptions } from '../options.ts';
import { distanceRange, percent, percentRange } from '../percent.ts';
import { type EncoderOptions, modelOption, openEncoder } from '../photo-encoder.ts';
import type { Session } from '../session.ts';
import { columns } from '../text.ts';

interface CalibrateCommandOptions extends EncoderOptions {
  readonly images: string;
  readonly pairs: readonly string[];
  readonly far: number;
  readonly rate: 'measured' | 'upper-bound';
  readonly confidence: number;
  readonly people: readonly number[];
  readonly probability: 'logistic' | 'isotonic';
  readonly save?: string;
  readonly report?: string;
}

const PEOPLE = [1, 10, 100, 1000, 10_000];

function summary(calibration: Calibration, confidence: number): string {
  const { threshold, thresholdInterval, target, far, tar, resolved, galleries } = calibration;
  const level = `${Number((confidence * 100).toPrecision(6))} % interval`;
  const rates = columns([
    ['', '', level, ''],
    ['threshold', threshold.toFixed(4), distanceRange(thresholdInterval), ''],
    [
      'false accepts',
      percent(far.rate),
      percentRange(far.interval),
      `${far.accepted} of ${far.pairs}, at most ${Number((target * 100).toPrecision(6))} % asked for`,
    ],
    ['true accepts', percent(tar.rate), percentRange(tar.interval), `${tar.accepted} of ${tar.pairs}`],
  ]);
  const doubt = resolved
    ? []
    : [
        `  ${far.pairs} pairs of two people cannot tell such a rate from 0: it takes ${Math.ceil(1 / target)} to see one.`,
      ];
  const table = columns([
    ['people', 'strangers taken for somebody', level, `threshold for ${percent(target)}`, 'true accepts there'],
    ...galleries.map(({ people, falseAccept, interval, needed }) => [
      String(people),
      percent(falseAccept),
      percentRange(interval),
      needed ? needed.threshold.toFixed(4) : 'too few pairs',
      needed ? percent(needed.tar) : '',
    ]),
  ]);
  return [rates, ...doubt, '', 'In a gallery, one photo a person, comparisons taken for independent:', table].join(
    '\n',
  );
}

/** `facsimile calibrate`: a threshold for a false accept rate. */
export function addCalibrate(program: Command, session: Session): void {
  const command = program
    .command('calibrate')
    .summary('find the threshold for a false accept rate')
    .description(
      prose(`Find the largest distance at which no more than a given share of pairs of two people are taken for one, say how
sure that is, and what becomes of the rate where a stranger is compared with a gallery of people.

Take photos such as those to come, of other people than a network was trained on. Photos and files of pairs are as for
"facsimile evaluate". --save keeps the threshold and a probability for "facsimile verify --calibration".`),
    )
    .requiredOption('--images <dir>', 'folder of photos, one folder a person')
    .requiredOption('--pairs <files...>', 'files of pairs')
    .addOption(modelOption())
    .addOption(shareOption('--far <share>', 'share of pairs of two people that may be accepted').default(0.01))
    .addOption(
      new Option('--rate <which>', 'what must keep to it: the rate that was measured, or the upper end of its interval')
        .choices(['measured', 'upper-bound'])
        .default('measured'),
    )
    .addOption(confidenceOption())
    .addOption(
      new Option('--people <numbers...>', 'sizes of galleries to tell about')
        .argParser((text: string, before: readonly number[]) => [
          ...(before === PEOPLE ? [] : before),
          parseWhole(text, 1),
        ])
        .default(PEOPLE, PEOPLE.join(' ')),
    )
    .addOption(
      new Option('--probability <method>', 'how the probability of one person is fitted to distances')
        .choices(['logistic', 'isotonic'])
        .default('logistic'),
    )
    .option('--save <file.json>', 'write the calibration')
    .option('--report <file.html>', 'write a report with curves and the worst errors');
  withFaceOptions(command)
    .addHelpText(
      'after',
      examples(
        'calibrate --images lfw --pairs pairs.txt --far 0.001',
        'calibrate --images mine --pairs mine.txt --save mine.json --report mine.html',
      ),
    )
    .action(
      session.action(async (all: CalibrateCommandOptions) => {
        const {
          images,
          pairs: files,
          far,
          rate,
          confidence,
          people,
          probability: method,
          save,
          report,
          ...options
        } = all;
        for (const path of [save, report]) if (path) checkOutput(path);
        const pairs = (await readPairs(files)).flat();
        checkPhotos(images, photosOf(pairs));
        const encoder = await openEncoder(session, options);
        const evaluation = await evaluatePairs(encoder, images, pairs, session.terminal);
        const calibration = calibrate(evaluation.pairs, { far, rate, confidence, people });
        const probability = fitProbability(evaluation.pairs, { method });
        const text = [`${pairs.length} pairs of ${photosText(evaluation)}`, summary(calibration, confidence)].join(
          '\n',
        );
        if (report) {
          const { calibrationReport } = await import('../calibration-report.ts');
          writeWhole(report, await calibrationReport(images, evaluation.pairs, calibration, probability, text));
        }
        if (save) writeWhole(save, calibrationText(encoder, calibration, probability));
        return {
          text,
          json: {
            ...calibration,
            probability,
            pairs: pairs.length,
            misses: evaluation.misses,
            images: evaluation.images,
            secondsPerImage: evaluation.seconds / evaluation.images,
          },
        };
      }),
    );
}
