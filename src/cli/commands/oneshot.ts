import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../../core/errors.ts';
import type { FewShotRule } from '../../metric/decision/few-shot.ts';
import type { FewShotResult } from '../../metric/evaluation/few-shot-result.ts';
import { membersOf } from '../../metric/evaluation/labelled.ts';
import { nWayKShot } from '../../metric/evaluation/n-way.ts';
import { type OneShotResult, oneShotIdentification } from '../../metric/evaluation/one-shot.ts';
import { type Retrieval, retrieval } from '../../metric/evaluation/retrieval.ts';
import { listImages } from '../../metric/training/image-files.ts';
import { photosText } from '../evaluation.ts';
import { checkOutput, writeWhole } from '../files.ts';
import { confidenceOption, examples, prose, seedOption, wholeNumber, withFaceOptions } from '../options.ts';
import { percent, percentRange } from '../percent.ts';
import { type EncoderOptions, modelOption, openEncoder } from '../photo-encoder.ts';
import type { Session } from '../session.ts';
import { columns, count } from '../text.ts';

interface OneShotCommandOptions extends EncoderOptions {
  readonly ways?: number;
  readonly shots: number;
  readonly queries: number;
  readonly episodes: number;
  readonly seed: number;
  readonly rule: FewShotRule;
  readonly confidence: number;
  readonly report?: string;
}

/** Photos of a folder of people. @throws InputError where there are not at least two people of two photos each. */
async function photosOfPeople(folder: string) {
  const photos = await listImages(folder);
  const people = membersOf(photos.map((photo) => photo.class));
  if (people.size < 2)
    throw new InputError(
      `${folder}: expected a folder of photos for each of at least two people, found ${people.size}`,
    );
  for (const [name, { length }] of people)
    if (length < 2)
      throw new InputError(
        `${folder}: ${name} has one photo, ${basename(photos.find((p) => p.class === name)!.path)}; expected at least two a person`,
      );
  return photos;
}

function summary(result: FewShotResult, neighbours: Retrieval, confidence: number, what: string): string {
  return columns([
    ['', '', `${Number((confidence * 100).toPrecision(6))} % interval`, ''],
    [what, percent(result.accuracy), percentRange(result.interval), `${result.correct} of ${result.trials}`],
    ['precision@1', percent(neighbours.precisionAt1), '', 'each photo among all others'],
    ['R-precision', percent(neighbours.rPrecision), '', ''],
    ['MAP@R', percent(neighbours.mapAtR), '', ''],
  ]);
}

/** `facsimile oneshot DIR`: identification from one photo, or a few. */
export function addOneShot(program: Command, session: Session): void {
  const command = program
    .command('oneshot')
    .summary('measure identification from one photo, or a few')
    .description(
      prose(`Measure how often people are identified from one photo: with each photo of a person in turn as the only one
that is enrolled, all others are to be identified. With --ways, from episodes of so many people, --shots photos each, drawn
at random. DIR has a folder a person.

Each photo is embedded once, by the face nearest its centre. Where no face is found, the centre of the photo is taken for
one and counted as a miss.`),
    )
    .argument('<dir>', 'folder of photos, one folder a person, at least two photos each')
    .addOption(modelOption())
    .addOption(wholeNumber('--ways <number>', 'people of an episode (default: all, each photo once the example)', 2))
    .addOption(wholeNumber('--shots <number>', 'photos of each that are shown', 1).default(1))
    .addOption(wholeNumber('--queries <number>', 'photos of each that are asked about', 1).default(1))
    .addOption(wholeNumber('--episodes <number>', 'episodes', 1).default(1000))
    .addOption(
      new Option('--rule <name>', 'how examples stand for a person: the nearest one, or their mean')
        .choices(['nearest', 'prototype'])
        .default('nearest'),
    )
    .addOption(seedOption())
    .addOption(confidenceOption())
    .option('--report <file.html>', 'write a report with a map of the embeddings and the worst errors');
  withFaceOptions(command)
    .addHelpText('after', examples('oneshot orl', 'oneshot orl --ways 5 --shots 2 --report orl.html'))
    .action(
      session.action(async (folder: string, all: OneShotCommandOptions) => {
        const { ways, shots, queries, episodes, seed, rule, confidence, report, ...options } = all;
        if (report) checkOutput(report);
        if (ways === undefined && shots !== 1)
          throw new InputError('oneshot: --shots needs --ways, the number of people of an episode');
        const photos = await photosOfPeople(folder);
        const labels = photos.map((photo) => photo.class);
        const encoder = await openEncoder(session, options);
        const paths = photos.map(({ path }) => path);
        const { embeddings, ...photosEmbedded } = await encoder.embed(paths, session.terminal);
        const each: OneShotResult = oneShotIdentification(embeddings, labels, { confidence });
        const result =
          ways === undefined
            ? each
            : nWayKShot(embeddings, labels, { ways, shots, queries, episodes, seed, rule, confidence });
        const neighbours = retrieval(embeddings, labels);
        const people = new Set(labels).size;
        const what = ways === undefined ? 'one-shot' : `${ways}-way ${shots}-shot`;
        const text = [
          `${photosEmbedded.faces ? count(people, 'person', 'people') : count(people, 'class', 'classes')} in ${photosText(photosEmbedded)}`,
          summary(result, neighbours, confidence, what),
        ].join('\n');
        if (report) {
          const { oneShotReport } = await import('../one-shot-report.ts');
          writeWhole(report, await oneShotReport(photos, embeddings, each, text));
        }
        return {
          text,
          json: {
            classes: people,
            ...(ways !== undefined && { ways, shots, queries, episodes, seed, rule }),
            trials: result.trials,
            correct: result.correct,
            accuracy: result.accuracy,
            interval: result.interval,
            retrieval: neighbours,
            misses: photosEmbedded.misses,
            images: photosEmbedded.images,
            secondsPerImage: photosEmbedded.seconds / photosEmbedded.images,
          },
        };
      }),
    );
}
