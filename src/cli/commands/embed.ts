import type { Command } from 'commander';
import type { FaceChoice } from '../../faces/pick.ts';
import { inPhoto } from '../failure.ts';
import { checkOutput } from '../files.ts';
import { annotateOption, examples, type FaceOptions, faceOption, withFaceOptions } from '../options.ts';
import { markedPhoto, writePicture } from '../picture.ts';
import type { Session } from '../session.ts';
import { formatBox } from '../text.ts';

interface EmbedOptions extends FaceOptions {
  readonly annotate?: string;
  readonly face?: FaceChoice;
}

const PER_LINE = 8;

/** `facsimile embed PHOTO`: the numbers that stand for a face. */
export function addEmbed(program: Command, session: Session): void {
  const command = program
    .command('embed')
    .summary('turn a face into 128 numbers')
    .description(
      'Turn the face in a photo into its embedding: 128 numbers, near in Euclidean distance for photos of one person. An embedding is biometric data.',
    )
    .argument('<photo>', 'a JPEG or PNG file that shows one face')
    .addOption(faceOption())
    .addOption(annotateOption('the photo with the face marked'));
  withFaceOptions(command)
    .addHelpText('after', examples('embed ada.jpg --json', 'embed party.jpg --face largest'))
    .action(
      session.action(async (photo: string, options: EmbedOptions) => {
        if (options.annotate) checkOutput(options.annotate);
        const faces = await session.openFaces(options);
        const { embedding, face } = await inPhoto(photo, faces.embed(photo, { face: options.face ?? 'only' }));
        if (options.annotate) await writePicture(options.annotate, await markedPhoto(photo, [face]));
        const numbers = Array.from(embedding);
        const written = numbers.map((value) => value.toFixed(6).padStart(9));
        const lines = Array.from({ length: Math.ceil(written.length / PER_LINE) }, (_, i) =>
          written.slice(i * PER_LINE, (i + 1) * PER_LINE).join(' '),
        );
        return {
          text: [`${photo}: face of ${formatBox(face.box)}, ${numbers.length} numbers:`, ...lines].join('\n'),
          json: { embedding: numbers, box: face.box },
        };
      }),
    );
}
