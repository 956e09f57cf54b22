import type { Command } from 'commander';
import type { Verification } from '../../faces/faces.ts';
import { type FaceChoice, pickFace } from '../../faces/pick.ts';
import { checkOutput } from '../files.ts';
import {
  annotateOption,
  examples,
  type FaceOptions,
  faceOption,
  thresholdOption,
  withFaceOptions,
} from '../options.ts';
import { markedPhoto, writePicture } from '../picture.ts';
import type { Session } from '../session.ts';
import { formatDistance } from '../text.ts';

interface VerifyOptions extends FaceOptions {
  readonly threshold?: number;
  readonly face?: FaceChoice;
  readonly annotate?: string;
}

function sentence({ same, distance, threshold }: Verification): string {
  const figure = formatDistance(distance, threshold);
  return same
    ? `Same person: distance ${figure} is within the threshold of ${threshold}.`
    : `Different people: distance ${figure} is above the threshold of ${threshold}.`;
}

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

/** `facsimile verify A B`: whether two photos show the same person. */
export function addVerify(program: Command, session: Session): void {
  const command = program
    .command('verify')
    .summary('say whether two photos show the same person')
    .description(
      'Say whether two photos show the same person. There is no liveness check: a printed photo passes for the person.',
    )
    .argument('<a>', 'a JPEG or PNG file that shows one face')
    .argument('<b>', 'another')
    .addOption(thresholdOption())
    .addOption(faceOption())
    .addOption(annotateOption('both photos and the verdict'))
    .addHelpText(
      'after',
      examples('verify passport.jpg selfie.jpg', 'verify passport.jpg party.jpg --face largest --json'),
    );
  withFaceOptions(command)
    .addHelpText('after', '\nExit code: 0 for the same person, 1 for different people.')
    .action(
      session.action(async (a: string, b: string, { threshold, face, annotate, ...options }: VerifyOptions) => {
        if (annotate) checkOutput(annotate);
        const faces = await session.openFaces(options);
        const answer = await faces.verify(a, b, {
          ...(threshold !== undefined && { threshold }),
          ...(face !== undefined && { face }),
        });
        if (annotate) await writePicture(annotate, await picture([a, b], answer, face));
        return {
          text: sentence(answer),
          json: {
            same: answer.same,
            distance: answer.distance,
            threshold: answer.threshold,
            faces: answer.faces.map((list) => list.map(({ box }) => box)),
          },
          yes: answer.same,
        };
      }),
    );
}
