import type { Command } from 'commander';
import type { EmbeddedFace } from '../../faces/face.ts';
import type { FaceChoice } from '../../faces/pick.ts';
import { fileStore } from '../../stores/file.ts';
import { inPhoto } from '../failure.ts';
import { checkOutput } from '../files.ts';
import { uninterrupted } from '../interrupt.ts';
import { annotateOption, examples, type FaceOptions, faceOption, withFaceOptions } from '../options.ts';
import { markedPhoto, writePicture } from '../picture.ts';
import type { Session } from '../session.ts';
import { count } from '../text.ts';

interface EnrollOptions extends FaceOptions {
  readonly gallery: string;
  readonly annotate?: string;
  readonly face?: FaceChoice;
}

async function picture(name: string, photos: readonly string[], found: readonly EmbeddedFace[]) {
  const { montage } = await import('../../report/montage.ts');
  const marked = [];
  for (const [i, photo] of photos.entries())
    marked.push(await markedPhoto(photo, [{ ...found[i]!.face, name, tone: 'yes' }]));
  return montage(marked, `${name}, enrolled from ${count(photos.length, 'photo')}`, 'yes');
}

/** `facsimile enroll NAME PHOTO…`: adds a person to a gallery file. */
export function addEnroll(program: Command, session: Session): void {
  const command = program
    .command('enroll')
    .summary('add a person to a gallery')
    .description(
      'Add a person to a gallery file from one photo or several. Nothing is trained, and one photo is enough. The file is made where there is none; it holds biometric data. Where one photo cannot be used, none is added.',
    )
    .argument('<name>', 'who it is')
    .argument('<photos...>', 'JPEG or PNG files that show their face')
    .requiredOption('--gallery <file>', 'the gallery file')
    .addOption(faceOption())
    .addOption(annotateOption('the photos with the faces marked'));
  withFaceOptions(command)
    .addHelpText('after', examples('enroll ada ada.jpg --gallery people.gallery'))
    .action(
      session.action(async (name: string, photos: string[], options: EnrollOptions) => {
        for (const path of [options.gallery, options.annotate]) if (path) checkOutput(path);
        const faces = await session.openFaces(options);
        const store = fileStore(options.gallery);
        const gallery = await faces.openGallery(store);
        const found = [];
        for (const photo of photos)
          found.push(await inPhoto(photo, faces.embed(photo, { face: options.face ?? 'only' })));
        const { id, examples: total } = await gallery.enroll(
          name,
          found.map(({ embedding }) => embedding),
        );
        if (options.annotate) await writePicture(options.annotate, await picture(id, photos, found));
        await uninterrupted(() => gallery.save(store));
        return {
          text: `Enrolled ${id} from ${count(photos.length, 'photo')}; ${options.gallery} now has ${count(total, 'example')} of ${id} and ${count(gallery.size, 'person', 'people')} in all.`,
          json: { id, examples: total, people: gallery.size },
        };
      }),
    );
}
