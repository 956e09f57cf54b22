import type { Command } from 'commander';
import { inPhoto } from '../failure.ts';
import { checkOutput } from '../files.ts';
import { annotateOption, examples, type FaceOptions, withFaceOptions } from '../options.ts';
import { markedPhoto, writePicture } from '../picture.ts';
import type { Session } from '../session.ts';
import { count, formatFace } from '../text.ts';

interface DetectOptions extends FaceOptions {
  readonly annotate?: string;
}

/** `facsimile detect PHOTO`: the faces in a photo. */
export function addDetect(program: Command, session: Session): void {
  const command = program
    .command('detect')
    .summary('find the faces in a photo')
    .description('Find the faces in a photo: where they are, how sure the detector is, and 68 landmarks each.')
    .argument('<photo>', 'a JPEG or PNG file')
    .addOption(annotateOption('the photo with boxes and landmarks'));
  withFaceOptions(command)
    .addHelpText('after', examples('detect party.jpg --annotate found.png', 'detect party.jpg --json'))
    .action(
      session.action(async (photo: string, options: DetectOptions) => {
        if (options.annotate) checkOutput(options.annotate);
        const faces = await session.openFaces(options);
        const found = await inPhoto(photo, faces.detect(photo));
        if (options.annotate) {
          const marks = found.map((face, i) => ({ ...face, name: String(i + 1), detail: face.score.toFixed(2) }));
          await writePicture(options.annotate, await markedPhoto(photo, marks));
        }
        const lines = found.map((face, i) => `  face ${i + 1}: ${formatFace(face)}`);
        return {
          text: [`${photo}: ${count(found.length, 'face')}`, ...lines].join('\n'),
          json: { faces: found.map(({ box, score, landmarks }) => ({ box, score, landmarks })) },
        };
      }),
    );
}
