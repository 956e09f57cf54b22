import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadFaces, NoFaceError } from 'facsimile/faces';
import { readImage } from 'facsimile/image';
import { UsageError } from '../files.mjs';
import { withMargin } from './margin.mjs';

const PHOTO = /\.(jpe?g|png|pgm|ppm)$/i;
const byNumber = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** The people below a folder: { name, embeddings }, by the frozen face network. Photos without a face count nowhere. */
export async function embedPeople(folder, detector, say) {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
  const faces = await loadFaces({ detector });
  const people = [];
  let misses = 0;
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const name of folders.map((entry) => entry.name).sort(byNumber)) {
    const photos = readdirSync(join(folder, name))
      .filter((file) => PHOTO.test(file))
      .sort(byNumber);
    const embeddings = [];
    for (const photo of photos) {
      const picture = await readImage(join(folder, name, photo));
      const embedding = await embed(faces, picture);
      if (!embedding) misses++;
      else embeddings.push(embedding);
    }
    if (embeddings.length > 1) people.push({ name, embeddings });
  }
  say(
    `${people.length} people, ${people.flatMap(({ embeddings }) => embeddings).length} photos; ${misses} more without a face`,
  );
  return people;
}

/** The embedding of the face in the middle of a photo, which it may fill; undefined where none is found. */
async function embed(faces, picture) {
  for (const photo of [withMargin(picture), picture])
    try {
      return (await faces.embed(photo, { face: 'central' })).embedding;
    } catch (error) {
      if (!(error instanceof NoFaceError)) throw error;
    }
  return undefined;
}
