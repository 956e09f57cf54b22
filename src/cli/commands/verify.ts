import { type Command, Option } from 'commander';
import type { Verification } from '../../faces/faces.ts';
import { type FaceChoice, pickFace } from '../../faces/pick.ts';
import { readCalibration } from '../calibration-file.ts';
import { checkOutput } from '../files.ts';
import {
  annotateOption,
  examples,
  type FaceOptions,
  faceOption,
  thresholdOption,
  withFaceOptions,
} from '../options.ts';
import { percent } from '../percent.ts';
import { markedPhoto, writePicture } from '../picture.ts';
import type { Session } from '../session.ts';
import { verifySounds } from '../sound-verify.ts';
import { formatDistance } from '../text.ts';

interface VerifyOptions extends FaceOptions {
  readonly threshold?: number;
  readonly calibration?: string;
  readonly face?: FaceChoice;
  readonly annotate?: string;
  readonly model?: string;
}

function sentence({ same, distance, threshold }: Verification): string {
  const figure = formatDistance(distance, threshold);
  return same
    ? `Same person: distance ${figure} is within the threshold of ${threshold}.`
    : `Different people: distance ${figure} is above the threshold of ${threshold}.`;
}

const probabilityText = (probability: number): string =>
  `Of pairs at this distance, ${percent(probability)} were of one person where it was calibrated.`;

/** Both photos: the faces that were compared in the verdict's colour, others plain. */
async function picture(photos: readonly [string, string], answer: Verification, choice: FaceChoice = 'only') {
  const { montage } = await import('../../report/montage.ts');
  const verdict = answer.same ? 'yes' : 'no';
  const marked = [];
  for (const [i, photo] of photos.entries())
    marked.push(
      await markedPhoto(photo, (size) => {
        const faces = answer.faces[i]!;
        const chosen = pickFace('verify', faces, choice, size);
        return faces.map((face, at) => ({ ...face, tone: at === chosen ? verdict : 'plain' }));
      }),
    );
  return montage(marked, sentence(answer), verdict);
}

/** `facsimile verify A B`: whether two photos show the same person, or one voice speaks in two recordings. */
export function addVerify(program: Command, session: Session): void {
  const command = program
    .command('verify')
    .summary('say whether two photos show the same person')
    .description(
      'Say whether two photos show the same person. There is no liveness check: a printed photo passes for the person.',
    )
    .argument('<a>', 'a JPEG or PNG file that shows one face; with --model, a WAV file')
    .argument('<b>', 'another')
    .addOption(thresholdOption())
    .addOption(
      new Option('--calibration <file>', 'threshold and probability of a file that calibrate saved').conflicts(
        'threshold',
      ),
    )
    .addOption(faceOption())
    .addOption(annotateOption('both photos and the verdict'))
    .addOption(
      new Option('--model <file>', 'an encoder of sounds: say whether one voice speaks in two WAV files').conflicts([
        'face',
        'annotate',
        'calibration',
        'detector',
        'alignment',
        'weights',
      ]),
    )
    .addHelpText(
      'after',
      examples(
        'verify passport.jpg selfie.jpg',
        'verify passport.jpg party.jpg --face largest --json',
        'verify monday.wav friday.wav --model voices.safetensors',
      ),
    );
  withFaceOptions(command)
    .addHelpText('after', '\nExit code: 0 for the same person, 1 for different people.')
    .action(
      session.action(async (a: string, b: string, all: VerifyOptions) => {
        const { calibration: file, face, annotate, model, ...options } = all;
        if (model !== undefined) return verifySounds([a, b], model, all.threshold);
        if (annotate) checkOutput(annotate);
        const faces = await session.openFaces(options);
        const calibrated = file === undefined ? undefined : readCalibration(file, faces);
        const threshold = calibrated?.threshold ?? all.threshold;
        const answer = await faces.verify(a, b, {
          ...(threshold !== undefined && { threshold }),
          ...(face !== undefined && { face }),
        });
        if (annotate) await writePicture(annotate, await picture([a, b], answer, face));
        const probability = calibrated?.probability.at(answer.distance);
        return {
          text: probability === undefined ? sentence(answer) : `${sentence(answer)} ${probabilityText(probability)}`,
          json: {
            same: answer.same,
            distance: answer.distance,
            threshold: answer.threshold,
            ...(probability !== undefined && { probability }),
            faces: answer.faces.map((list) => list.map(({ box }) => box)),
          },
          yes: answer.same,
        };
      }),
    );
}
