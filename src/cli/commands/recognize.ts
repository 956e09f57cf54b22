import { type Command, Option } from 'commander';
import { NoFaceError } from '../../faces/errors.ts';
import type { RecognizedFace } from '../../faces/gallery.ts';
import { type Policy, policies } from '../../faces/people.ts';
import type { Mark } from '../../report/annotate.ts';
import { inPhoto } from '../failure.ts';
import { checkOutput } from '../files.ts';
import { existingGallery } from '../gallery-file.ts';
import { annotateOption, examples, type FaceOptions, thresholdOption, withFaceOptions } from '../options.ts';
import { markedPhoto, writePicture } from '../picture.ts';
import type { Session } from '../session.ts';
import { columns, count, formatBox, formatDistance } from '../text.ts';

interface RecognizeOptions extends FaceOptions {
  readonly gallery: string;
  readonly threshold?: number;
  readonly policy?: Policy;
  readonly annotate?: string;
}

const NOBODY = 'not recognized';

const markOf = ({ face, id, distance, threshold }: RecognizedFace): Mark => ({
  box: face.box,
  name: id ?? NOBODY,
  detail: Number.isFinite(distance) ? formatDistance(distance, threshold) : '',
  tone: id === null ? 'no' : 'yes',
});

function sentence({ face, id, distance, threshold }: RecognizedFace): readonly string[] {
  const figure = Number.isFinite(distance)
    ? `${id === null ? 'nearest at ' : ''}distance ${formatDistance(distance, threshold)}`
    : 'the gallery is empty';
  return [id ?? NOBODY, figure, formatBox(face.box)];
}

/** `facsimile recognize PHOTO`: who of a gallery is in a photo. */
export function addRecognize(program: Command, session: Session): void {
  const command = program
    .command('recognize')
    .summary('say who is in a photo')
    .description(
      'Say who is in a photo, for every face in it: the nearest person of the gallery, or "not recognized" where even the nearest is too far. There is no liveness check: a printed photo passes for the person.',
    )
    .argument('<photo>', 'a JPEG or PNG file')
    .requiredOption('--gallery <file>', 'the gallery file, made by enroll')
    .addOption(thresholdOption())
    .addOption(
      new Option('--policy <name>', 'how several examples of a person make one distance')
        .choices(policies)
        .default('min'),
    )
    .addOption(annotateOption('the photo with names'));
  withFaceOptions(command)
    .addHelpText('after', examples('recognize party.jpg --gallery people.gallery --annotate named.png'))
    .addHelpText('after', '\nExit code: 0 if anyone is recognized, 1 if nobody is, 2 for a photo without a face.')
    .action(
      session.action(async (photo: string, options: RecognizeOptions) => {
        if (options.annotate) checkOutput(options.annotate);
        const faces = await session.openFaces(options);
        const { threshold, policy } = options;
        const gallery = await existingGallery(options.gallery, faces, {
          ...(threshold !== undefined && { threshold }),
          ...(policy && { policy }),
        });
        const found = await inPhoto(photo, gallery.recognizeAll(photo));
        if (found.length === 0) throw new NoFaceError(`${photo}: no face found`);
        if (options.annotate) await writePicture(options.annotate, await markedPhoto(photo, found.map(markOf)));
        return {
          text: `${photo}: ${count(found.length, 'face')}\n${columns(found.map(sentence))}`,
          json: {
            // JSON has no Infinity: in an empty gallery there is no distance.
            faces: found.map(({ face, id, distance }) => ({
              box: face.box,
              id,
              distance: Number.isFinite(distance) ? distance : null,
            })),
          },
          yes: found.some(({ id }) => id !== null),
        };
      }),
    );
}
